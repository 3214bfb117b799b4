package io.fluxcore.adapters.out.s3;

import io.fluxcore.adapters.out.parts.PartOptions;
import io.fluxcore.adapters.out.parts.PartSettings;
import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorDescriptor.Capability;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.application.connector.RequiredLibrary;
import io.fluxcore.application.connector.Secret;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.DeliveryGuarantee;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows to objects of a bucket of Amazon S3, or of a store that speaks its protocol. An
 * object is uploaded in pieces as it grows, and becomes visible whole by the commit of its
 * checkpoint.
 */
public final class S3SinkConnector implements SinkConnector {
  private static final String NAME = "s3";

  /** Each of them has pieces of the upload in memory. */
  private static final int MAX_OPEN_PARTS = 20;

  private static final int MAX_PATH = 300;

  private static final ConnectorDescriptor DESCRIPTOR =
      new ConnectorDescriptor(
          NAME,
          "Writes rows to objects of a bucket of Amazon S3 or a store that speaks its protocol.",
          options(),
          EnumSet.of(Capability.PARALLEL, Capability.TRANSACTIONAL),
          DeliveryGuarantee.EXACTLY_ONCE);

  /** Needed by {@link java.util.ServiceLoader}. */
  public S3SinkConnector() {}

  private static List<OptionSpec> options() {
    List<OptionSpec> options = new ArrayList<>();
    options.add(
        OptionSpec.requiredUnlessOfHost(
            "bucket", OptionSpec.Type.STRING, "The bucket, which is there."));
    options.add(
        OptionSpec.required(
            "path",
            OptionSpec.Type.STRING,
            "What keys are made of, such as `events/orders.json.gz`:"
                + " `events/orders-<job>-<owner>-<writer>-<checkpoint before>-<number>.json.gz`."));
    options.add(
        OptionSpec.optional(
                "endpoint",
                OptionSpec.Type.STRING,
                null,
                "Address of a store that is not Amazon's, such as `https://storage.example:9000`.")
            .asAddress());
    options.add(
        OptionSpec.optional(
            "region",
            OptionSpec.Type.STRING,
            null,
            "The bucket's region; without it that of the environment, or `us-east-1` where there is"
                + " an `endpoint`."));
    options.add(
        OptionSpec.optional(
            "pathStyle",
            OptionSpec.Type.BOOLEAN,
            null,
            "Whether addresses have the bucket in their path rather than in the name of the host;"
                + " where there is an `endpoint` they have unless said otherwise."));
    options.add(
        OptionSpec.optional(
            "accessKey",
            OptionSpec.Type.STRING,
            null,
            "The access key; without it the AWS SDK looks for credentials: in the environment,"
                + " `~/.aws`, the container, the machine."));
    options.addAll(Secret.specs("secretKey", "The secret key of the access key"));
    options.addAll(Secret.specs("sessionToken", "The token of temporary credentials"));
    options.add(
        OptionSpec.optional(
            "requestTimeout",
            OptionSpec.Type.DURATION,
            "1m",
            "How long one request may take, before it is tried again; 1s or more."));
    options.addAll(PartOptions.specs(MAX_OPEN_PARTS));
    return List.copyOf(options);
  }

  @Override
  public ConnectorDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public Sink create(ConnectorOptions options, Schema schema) {
    RequiredLibrary.check(
        "software.amazon.awssdk.services.s3.S3Client", "software.amazon.awssdk:s3", NAME);
    RequiredLibrary.check(
        "software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient",
        "software.amazon.awssdk:url-connection-client",
        NAME);
    OptionProblems problems = new OptionProblems(NAME);
    String path = path(options, problems);
    S3Access access = access(options, problems);
    PartSettings parts =
        PartOptions.parse(options, schema, path.substring(path.lastIndexOf('/') + 1), problems);
    problems.throwIfAny();
    if (access == null) {
      throw new IllegalStateException("there is a problem that was not told");
    }
    return new S3Sink(access, new S3Keys(path), parts);
  }

  private static String path(ConnectorOptions options, OptionProblems problems) {
    String path = options.string("path").replaceAll("^/+", "");
    if (path.isEmpty() || path.endsWith("/") || path.contains("//") || path.length() > MAX_PATH) {
      problems.add(
          "path",
          "'" + path + "' cannot be a key",
          "give names with / between, the last one of the objects, at most "
              + MAX_PATH
              + " characters");
    }
    return path;
  }

  private static @Nullable S3Access access(ConnectorOptions options, OptionProblems problems) {
    Secret secret = Secret.of(options, "secretKey", problems);
    Secret token = Secret.of(options, "sessionToken", problems);
    String accessKey = options.optionalString("accessKey");
    if (secret.isGiven() != (accessKey != null)) {
      problems.add(
          "accessKey",
          accessKey == null ? "there is a secret key without it" : "there is no secretKey with it",
          "give both of them, or leave both to the AWS SDK");
    }
    try {
      S3Settings settings =
          new S3Settings(
              options.string("bucket"),
              "",
              endpoint(options, problems),
              options.optionalString("region"),
              options.has("pathStyle") ? options.bool("pathStyle") : null,
              null,
              options.duration("requestTimeout"));
      return new S3Access(settings, accessKey, secret, token);
    } catch (FluxCoreException e) {
      for (Diagnostic problem : e.diagnostics()) {
        problems.add(option(problem), problem.message(), problem.remedy());
      }
      return null;
    }
  }

  private static @Nullable URI endpoint(ConnectorOptions options, OptionProblems problems) {
    String text = options.optionalString("endpoint");
    if (text == null) {
      return null;
    }
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      problems.add(
          "endpoint", "'" + text + "' is no address", "give one such as https://storage.example");
      return null;
    }
  }

  /** The option that a property of the store of checkpoints is called here. */
  private static String option(Diagnostic problem) {
    String property = problem.place().path().replace(S3Settings.PROPERTIES, "");
    return property.equals("request-timeout") ? "requestTimeout" : property;
  }
}
