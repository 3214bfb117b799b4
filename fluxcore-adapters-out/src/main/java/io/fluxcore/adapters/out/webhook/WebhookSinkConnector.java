package io.fluxcore.adapters.out.webhook;

import io.fluxcore.adapters.out.http.HttpOptions;
import io.fluxcore.adapters.out.outside.TlsTrust;
import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorDescriptor.Capability;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.application.connector.Secret;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.DeliveryGuarantee;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/** Posts rows to a URL as JSON, at least once; never to an internal address, unless allowed. */
public final class WebhookSinkConnector implements SinkConnector {
  private static final String NAME = "webhook";

  private static final ConnectorDescriptor DESCRIPTOR =
      new ConnectorDescriptor(
          NAME,
          "Posts rows to a URL as JSON.",
          options(),
          EnumSet.of(Capability.PARALLEL, Capability.CHANGELOG),
          DeliveryGuarantee.AT_LEAST_ONCE);

  /** Needed by {@link java.util.ServiceLoader}. */
  public WebhookSinkConnector() {}

  private static List<OptionSpec> options() {
    List<OptionSpec> options = new ArrayList<>();
    options.add(
        OptionSpec.required(
                "url", OptionSpec.Type.STRING, "The URL that rows are posted to; without password.")
            .asAddress());
    options.add(
        OptionSpec.oneOf(
            "body",
            List.of("object", "array"),
            "object",
            "`object` posts each row by itself; `array` up to `batchSize` rows together."));
    options.add(
        OptionSpec.optional(
            "batchSize",
            OptionSpec.Type.LONG,
            "1",
            "Rows that are posted together, from 1 to 10,000."));
    options.add(
        OptionSpec.optional(
            "headers", OptionSpec.Type.MAP, null, "Headers that go with each request."));
    options.addAll(Secret.specs("bearerToken", "What is sent as `Authorization: Bearer …`"));
    options.addAll(Secret.specs("secret", "By what requests are signed (HMAC-SHA256)"));
    options.add(
        OptionSpec.optional(
            "signatureHeader",
            OptionSpec.Type.STRING,
            "X-FluxCore-Signature",
            "The header that holds the signature: `t=<seconds>,v1=<hex>`."));
    options.addAll(HttpOptions.times("10s"));
    options.addAll(TlsTrust.specs());
    options.add(
        OptionSpec.optional(
            "allowInternal",
            OptionSpec.Type.BOOLEAN,
            "false",
            "Whether addresses may be called that are not of the open network: loopback,"
                + " link-local, private."));
    options.add(
        OptionSpec.optional(
            "allowedHosts",
            OptionSpec.Type.LIST,
            null,
            "Hosts, addresses and networks such as `10.1.0.0/16` that may be called though they"
                + " are internal."));
    return options;
  }

  @Override
  public ConnectorDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public Sink create(ConnectorOptions options, Schema schema) {
    OptionProblems problems = new OptionProblems(NAME);
    WebhookOptions parsed = WebhookOptions.of(options, problems);
    problems.throwIfAny();
    return new WebhookSink(parsed, schema);
  }

  /** Rows at a URL. */
  private record WebhookSink(WebhookOptions options, Schema rows) implements Sink {
    @Override
    public SinkWriter createWriter(String operatorId, int subtask, int parallelism) {
      return new WebhookWriter(options, rows);
    }

    @Override
    public String toString() {
      return "webhook sink to " + options.url();
    }
  }
}
