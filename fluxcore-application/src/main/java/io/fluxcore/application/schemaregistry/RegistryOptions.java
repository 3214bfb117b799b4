package io.fluxcore.application.schemaregistry;

import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.application.connector.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a schema registry is, and how it is entered.
 *
 * @param urls of its servers; the next one is asked where one does not answer
 * @param user for basic authentication, or null
 * @param password of the user
 * @param certificates a PEM file of the certificates to trust instead of the JDK's, or null
 */
public record RegistryOptions(
    List<URI> urls, @Nullable String user, Secret password, @Nullable Path certificates) {
  public static final String URL = "registryUrl";
  private static final String USER = "registryUser";
  private static final String PASSWORD = "registryPassword";
  private static final String CERTIFICATES = "registryTlsCertificates";

  /** What connectors declare. */
  public static final List<OptionSpec> SPECS = specs();

  private static List<OptionSpec> specs() {
    List<OptionSpec> specs = new ArrayList<>();
    specs.add(
        OptionSpec.optional(
            URL,
            OptionSpec.Type.STRING,
            null,
            "Address of a schema registry of Confluent's API, several with commas between; with it,"
                + " messages begin with the number of their schema."));
    specs.add(
        OptionSpec.optional(
            USER, OptionSpec.Type.STRING, null, "Registry: user of basic authentication."));
    specs.addAll(Secret.specs(PASSWORD, "Registry: the user's password"));
    specs.add(
        OptionSpec.optional(
            CERTIFICATES,
            OptionSpec.Type.PATH,
            null,
            "Registry: a PEM file of the certificates that are trusted instead of the JDK's."));
    return List.copyOf(specs);
  }

  public RegistryOptions {
    urls = List.copyOf(urls);
  }

  /** What the options say; null where no registry is asked for. */
  public static @Nullable RegistryOptions of(ConnectorOptions options, OptionProblems problems) {
    String url = options.optionalString(URL);
    if (url == null) {
      for (String option : List.of(USER, PASSWORD, PASSWORD + "File", CERTIFICATES)) {
        if (options.has(option)) {
          problems.add(option, "there is no registry", "give " + URL + ", or leave it out");
        }
      }
      return null;
    }
    Secret password = Secret.of(options, PASSWORD, problems);
    if (!options.has(USER) && password.isGiven()) {
      problems.add(USER, "there is a password without a user", "give the user too");
    }
    List<URI> urls = new ArrayList<>();
    for (String one : url.split(",", -1)) {
      URI parsed = parse(one.strip());
      if (parsed == null) {
        problems.add(
            URL,
            "'" + one.strip() + "' is no address of a registry",
            "write for example http://host:8081, without user and password");
      } else {
        urls.add(parsed);
      }
    }
    return new RegistryOptions(
        urls,
        options.optionalString(USER),
        password,
        options.has(CERTIFICATES) ? options.path(CERTIFICATES) : null);
  }

  private static @Nullable URI parse(String text) {
    try {
      URI uri = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      return web && uri.getHost() != null && uri.getUserInfo() == null ? uri : null;
    } catch (URISyntaxException e) {
      return null;
    }
  }

  /** Without the password. */
  @Override
  public String toString() {
    return String.join(",", urls.stream().map(URI::toString).toList());
  }
}
