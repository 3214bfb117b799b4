package io.fluxcore.adapters.out.outside;

import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Which servers are trusted: those of the JDK's authorities, those of authorities in a file, or
 * all.
 *
 * @param caFile certificates of authorities as PEM, or null: those of the JDK
 * @param insecure whether certificates and names of servers are not looked at
 */
public record TlsTrust(@Nullable Path caFile, boolean insecure) {
  static final String UNREADABLE = "FLX-TLS-0001";
  private static final String CA_FILE = "tlsCaFile";
  private static final String INSECURE = "tlsInsecure";

  /** What a connector lists among its options. */
  public static List<OptionSpec> specs() {
    return List.of(
        OptionSpec.optional(
            CA_FILE,
            OptionSpec.Type.PATH,
            null,
            "Certificates (PEM) of the authorities that are trusted, in place of those of the"
                + " JDK."),
        OptionSpec.optional(
            INSECURE,
            OptionSpec.Type.BOOLEAN,
            "false",
            "Whether any certificate is taken, of any name: for tries, never where it matters."));
  }

  public static TlsTrust of(ConnectorOptions options, OptionProblems problems) {
    boolean insecure = options.bool(INSECURE);
    Path caFile = options.has(CA_FILE) ? options.path(CA_FILE) : null;
    if (insecure && caFile != null) {
      problems.add(INSECURE, "there are authorities in '" + CA_FILE + "' beside", "leave it out");
    }
    return new TlsTrust(caFile, insecure);
  }

  /** Whether it is the JDK's, and nothing has to be set. */
  public boolean isDefault() {
    return caFile == null && !insecure;
  }

  /**
   * What connections are made with.
   *
   * @throws FluxCoreException if the file cannot be read, or holds no certificates
   */
  public SSLContext context() {
    try {
      if (isDefault()) {
        return SSLContext.getDefault();
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, insecure ? new TrustManager[] {new Everybody()} : authorities(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw FluxCoreException.user(
          UNREADABLE,
          Place.of(CA_FILE),
          "cannot read certificates from " + caFile + ": " + e,
          "give a file of PEM certificates (-----BEGIN CERTIFICATE-----) that this user may read");
    }
  }

  private TrustManager[] authorities() throws GeneralSecurityException, IOException {
    Path file = caFile;
    if (file == null) {
      throw new IllegalStateException("no file");
    }
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      int number = 0;
      for (Certificate certificate :
          CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("authority-" + number++, certificate);
      }
      if (number == 0) {
        throw new IOException("there are none in it");
      }
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  /** Looks at nothing; an extended one, since the JDK looks at names for others. */
  private static final class Everybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
