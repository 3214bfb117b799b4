package io.fluxcore.adapters.out.redis;

import io.fluxcore.adapters.out.outside.TlsTrust;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.application.connector.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where Redis is, and as whom it is used.
 *
 * @param uri without user and password
 * @param timeout of an answer
 */
record RedisAddress(
    String uri, @Nullable String user, Secret password, TlsTrust tls, Duration timeout) {
  /** The option of the address. */
  static OptionSpec uriSpec() {
    return OptionSpec.optional(
            "uri",
            OptionSpec.Type.STRING,
            "redis://localhost:6379/0",
            "Address of Redis, `rediss://` with TLS; without password.")
        .asAddress();
  }

  /** The options of user, password and TLS. */
  static List<OptionSpec> accessSpecs() {
    List<OptionSpec> options = new ArrayList<>();
    options.add(
        OptionSpec.optional(
            "user",
            OptionSpec.Type.STRING,
            null,
            "User of the access control lists, unless it is the default one."));
    options.addAll(Secret.specs("password", "The password"));
    options.addAll(TlsTrust.specs());
    return options;
  }

  static RedisAddress of(ConnectorOptions options, Duration timeout, OptionProblems problems) {
    String user = options.optionalString("user");
    Secret password = Secret.of(options, "password", problems);
    if (user != null && !password.isGiven()) {
      problems.add("password", "it is missing beside the user", "give both, or the password alone");
    }
    return new RedisAddress(
        uri(options.string("uri"), problems),
        user,
        password,
        TlsTrust.of(options, problems),
        timeout);
  }

  private static String uri(String text, OptionProblems problems) {
    try {
      URI uri = new URI(text);
      if (uri.getRawUserInfo() != null) {
        problems.add(
            "uri",
            "it holds a password, which would show wherever the address does",
            "give it in the option 'password' or 'passwordFile'");
        return text;
      }
      String scheme = String.valueOf(uri.getScheme());
      if (uri.getHost() != null && (scheme.equals("redis") || scheme.equals("rediss"))) {
        return text;
      }
    } catch (URISyntaxException e) {
      // Told below with those of another kind.
    }
    problems.add(
        "uri",
        "'" + text + "' is no address of Redis",
        "give such as redis://host:6379/0, or rediss://… for TLS");
    return text;
  }
}
