package io.fluxcore.application.connector;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The options by which connectors find their server: its address, the user, TLS. An address must
 * not hold the password, since it shows in plans and logs.
 */
public final class ServerOptions {
  /** The address. */
  public static final String URI_OPTION = "uri";

  private static final OptionSpec USER =
      OptionSpec.optional("user", OptionSpec.Type.STRING, null, "User of the server.");

  private final ConnectorOptions options;
  private final OptionProblems problems;

  /**
   * A way to write an address.
   *
   * @param name what it begins with, before {@code ://}
   * @param port where it says none
   */
  public record Scheme(String name, int port, boolean tls) {}

  public ServerOptions(ConnectorOptions options, OptionProblems problems) {
    this.options = options;
    this.problems = problems;
  }

  /** The options beside the address. */
  public static List<OptionSpec> specs() {
    List<OptionSpec> specs = new ArrayList<>();
    specs.add(USER);
    specs.addAll(Secret.specs("password", "The user's password"));
    specs.addAll(TlsOptions.specs());
    return specs;
  }

  /**
   * The server of the option {@code uri}.
   *
   * @return null, and problems are told, if there is none
   */
  public @Nullable ServerAddress byUri(List<Scheme> schemes) {
    String text = options.string(URI_OPTION);
    String example = schemes.get(0).name() + "://host:" + schemes.get(0).port();
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      // Its message would show a password.
      problems.add(URI_OPTION, "it is no address", "give one such as " + example);
      return null;
    }
    String name = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    Scheme scheme = schemes.stream().filter(s -> s.name().equals(name)).findFirst().orElse(null);
    String host = uri.getHost();
    if (scheme == null || host == null) {
      problems.add(
          URI_OPTION,
          "it does not begin as "
              + String.join(" or ", schemes.stream().map(s -> s.name() + "://host").toList()),
          "give an address such as " + example);
      return null;
    }
    String user = uri.getUserInfo();
    if (user != null && user.contains(":")) {
      problems.add(
          URI_OPTION,
          "it holds a password, which would show wherever the address does",
          "give it in the option 'password' or 'passwordFile'");
      return null;
    }
    if (user != null && options.has("user")) {
      problems.add("user", "the address has a user, too", "give one of the two");
    }
    String path = uri.getPath();
    return address(
        host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
        uri.getPort() < 0 ? scheme.port() : uri.getPort(),
        path == null || path.isEmpty() ? null : path.substring(1),
        user == null ? options.optionalString("user") : user,
        scheme.tls() || options.bool("tls"));
  }

  /** The server of a host and port, which are given by other options. */
  public ServerAddress byHost(String host, int port) {
    return address(host, port, null, options.optionalString("user"), options.bool("tls"));
  }

  private ServerAddress address(
      String host, int port, @Nullable String path, @Nullable String user, boolean isEncrypted) {
    Secret password = Secret.of(options, "password", problems);
    if (user == null && password.isGiven()) {
      problems.add("password", "there is no user whose it is", "give user");
    }
    TlsOptions tls = TlsOptions.of(options, isEncrypted, problems);
    return new ServerAddress(
        host, port, path, user, password, tls.enabled() ? new TlsStores(tls) : null);
  }
}
