package io.fluxcore.application.connector;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The options of encrypted connections that connectors have in common. Stores are PEM files ({@code
 * .pem}, {@code .crt}, {@code .key}), or else PKCS #12 or JKS.
 *
 * @param enabled whether connections are encrypted
 * @param trustStore whose certificates servers must have; null: those that the JDK trusts
 * @param keyStore by which this client shows who it is; null: it does not
 * @param verifyHostname whether a server's certificate must be of the name that it is called by
 */
public record TlsOptions(
    boolean enabled,
    @Nullable Path trustStore,
    Secret trustStorePassword,
    @Nullable Path keyStore,
    Secret keyStorePassword,
    boolean verifyHostname) {
  private static final String ENABLED = "tls";
  private static final String TRUST_STORE = "tlsTrustStore";
  private static final String TRUST_STORE_PASSWORD = "tlsTrustStorePassword";
  private static final String KEY_STORE = "tlsKeyStore";
  private static final String KEY_STORE_PASSWORD = "tlsKeyStorePassword";
  private static final String VERIFY_HOSTNAME = "tlsVerifyHostname";

  /** The options. */
  public static List<OptionSpec> specs() {
    List<OptionSpec> specs = new ArrayList<>();
    specs.add(
        OptionSpec.optional(
            ENABLED,
            OptionSpec.Type.BOOLEAN,
            "false",
            "Whether connections are encrypted by TLS."));
    specs.add(
        OptionSpec.optional(
            TRUST_STORE,
            OptionSpec.Type.PATH,
            null,
            "TLS: certificates that are trusted, as PEM, PKCS #12 or JKS; without it those that the"
                + " JDK trusts."));
    specs.addAll(Secret.specs(TRUST_STORE_PASSWORD, "TLS: password of `tlsTrustStore`"));
    specs.add(
        OptionSpec.optional(
            KEY_STORE,
            OptionSpec.Type.PATH,
            null,
            "TLS: certificate and key by which servers know this client, as PEM, PKCS #12 or"
                + " JKS."));
    specs.addAll(Secret.specs(KEY_STORE_PASSWORD, "TLS: password of `tlsKeyStore`"));
    specs.add(
        OptionSpec.optional(
            VERIFY_HOSTNAME,
            OptionSpec.Type.BOOLEAN,
            "true",
            "TLS: whether the certificate of a server must be of the name that it is called by."));
    return List.copyOf(specs);
  }

  /** What the options say. */
  public static TlsOptions of(ConnectorOptions options, OptionProblems problems) {
    return of(options, options.bool(ENABLED), problems);
  }

  /**
   * The same where an address may say that connections are encrypted, too.
   *
   * @param enabled whether they are
   */
  public static TlsOptions of(ConnectorOptions options, boolean enabled, OptionProblems problems) {
    for (String store : List.of(TRUST_STORE, KEY_STORE)) {
      if (options.has(store) && !enabled) {
        problems.add(store, "connections are not encrypted", "set tls: true, or leave it out");
      } else if (options.has(store) && !Files.isReadable(options.path(store))) {
        problems.add(
            store, options.path(store) + " cannot be read", "give a file that this user can read");
      }
    }
    return new TlsOptions(
        enabled,
        options.has(TRUST_STORE) ? options.path(TRUST_STORE) : null,
        Secret.of(options, TRUST_STORE_PASSWORD, problems),
        options.has(KEY_STORE) ? options.path(KEY_STORE) : null,
        Secret.of(options, KEY_STORE_PASSWORD, problems),
        options.bool(VERIFY_HOSTNAME));
  }

  /** How a store is written: {@code PEM}, {@code JKS} or {@code PKCS12}. */
  public static String typeOf(Path store) {
    String name = String.valueOf(store.getFileName());
    if (name.endsWith(".pem") || name.endsWith(".crt") || name.endsWith(".key")) {
      return "PEM";
    }
    return name.endsWith(".jks") ? "JKS" : "PKCS12";
  }
}
