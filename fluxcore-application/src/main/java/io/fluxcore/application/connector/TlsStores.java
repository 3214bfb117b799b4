package io.fluxcore.application.connector;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * The stores of {@link TlsOptions} for clients that take them as the JDK's objects. Files are read
 * when a connection is made. A key in PEM is PKCS #8 and not encrypted.
 *
 * @param options of encrypted connections
 */
public record TlsStores(TlsOptions options) {
  private static final String UNUSABLE = "FLX-CONN-0010";
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z ]+)-----([^-]*)-----END \\1-----");
  private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "EdDSA");

  /**
   * Both as a context.
   *
   * @throws FluxCoreException if a file cannot be used
   */
  public SSLContext context() {
    TrustManagerFactory trust = trustManagers();
    KeyManagerFactory keys = keyManagers();
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          keys == null ? null : keys.getKeyManagers(),
          trust == null ? null : trust.getTrustManagers(),
          null);
      return context;
    } catch (GeneralSecurityException e) {
      throw unusable("tls", "TLS cannot be used here: " + e, e);
    }
  }

  /**
   * Whom the client trusts; null: as the JDK does.
   *
   * @throws FluxCoreException if the file cannot be used
   */
  public @Nullable TrustManagerFactory trustManagers() {
    Path file = options.trustStore();
    if (file == null) {
      return null;
    }
    try {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store(file, password(options.trustStorePassword())));
      return factory;
    } catch (IOException | GeneralSecurityException e) {
      throw unusable("tlsTrustStore", "cannot use " + file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Who the client is; null: it does not say.
   *
   * @throws FluxCoreException if the file cannot be used
   */
  public @Nullable KeyManagerFactory keyManagers() {
    Path file = options.keyStore();
    if (file == null) {
      return null;
    }
    char[] password = password(options.keyStorePassword());
    try {
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store(file, password), password);
      return factory;
    } catch (IOException | GeneralSecurityException e) {
      throw unusable("tlsKeyStore", "cannot use " + file + ": " + e.getMessage(), e);
    }
  }

  private static char[] password(Secret secret) {
    String text = secret.read();
    return text == null ? new char[0] : text.toCharArray();
  }

  private static KeyStore store(Path file, char[] password)
      throws IOException, GeneralSecurityException {
    String type = TlsOptions.typeOf(file);
    if (type.equals("PEM")) {
      return pem(Files.readString(file, StandardCharsets.US_ASCII), password);
    }
    KeyStore store = KeyStore.getInstance(type);
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, password);
    }
    return store;
  }

  private static KeyStore pem(String text, char[] password)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    List<Certificate> certificates = new ArrayList<>();
    PrivateKey key = null;
    Matcher block = BLOCK.matcher(text);
    while (block.find()) {
      byte[] bytes = Base64.getMimeDecoder().decode(block.group(2));
      if (block.group(1).equals("CERTIFICATE")) {
        certificates.add(
            CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(bytes)));
      } else if (block.group(1).equals("PRIVATE KEY")) {
        key = key(bytes);
      }
    }
    if (certificates.isEmpty()) {
      throw new GeneralSecurityException("it holds no certificate");
    }
    if (key != null) {
      store.setKeyEntry("key", key, password, certificates.toArray(Certificate[]::new));
      return store;
    }
    for (int i = 0; i < certificates.size(); i++) {
      store.setCertificateEntry("trusted-" + i, certificates.get(i));
    }
    return store;
  }

  private static PrivateKey key(byte[] pkcs8) throws GeneralSecurityException {
    GeneralSecurityException last = new GeneralSecurityException("a key of no known kind");
    for (String algorithm : KEY_ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      } catch (GeneralSecurityException e) {
        last = e;
      }
    }
    throw last;
  }

  private static FluxCoreException unusable(String option, String message, Throwable cause) {
    return new FluxCoreException(
        ErrorCategory.USER,
        List.of(
            Diagnostic.error(
                UNUSABLE,
                Place.of(option),
                message,
                "give certificates, and a key with its certificate, that this user may read")),
        cause);
  }
}
