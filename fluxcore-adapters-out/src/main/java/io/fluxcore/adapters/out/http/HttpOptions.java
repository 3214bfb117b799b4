package io.fluxcore.adapters.out.http;

import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.OptionSpec;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Options that connectors share whose sinks speak HTTP. */
public final class HttpOptions {
  private HttpOptions() {}

  /** How long is waited, once and in all. */
  public static List<OptionSpec> times(String timeout) {
    return List.of(
        OptionSpec.optional(
            "timeout",
            OptionSpec.Type.DURATION,
            timeout,
            "How long the answer to a request is waited for."),
        OptionSpec.optional(
            "retryTimeout",
            OptionSpec.Type.DURATION,
            "30s",
            "How long is tried again what the server does not take now, before the sink says that"
                + " it is not there."));
  }

  /** The address of an option, or null with a problem. */
  public static @Nullable URI url(String option, String text, OptionProblems problems) {
    try {
      URI uri = new URI(text);
      String scheme = String.valueOf(uri.getScheme());
      if (uri.getRawUserInfo() != null) {
        problems.add(
            option,
            "it holds a user or password, which would show wherever the address does",
            "give them in options of their own, or in a header");
        return null;
      }
      if ((scheme.equals("http") || scheme.equals("https"))
          && uri.getHost() != null
          && uri.getRawFragment() == null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // Told below with those of another kind.
    }
    problems.add(
        option, "'" + text + "' is no address of HTTP", "give such as https://host:8443/path");
    return null;
  }
}
