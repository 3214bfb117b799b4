package io.fluxcore.application.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.job.DeliveryGuarantee;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ServerOptionsTest {
  private static final List<ServerOptions.Scheme> SCHEMES =
      List.of(
          new ServerOptions.Scheme("amqp", 5672, false),
          new ServerOptions.Scheme("amqps", 5671, true));

  @TempDir private Path directory;

  private static ConnectorOptions options(Map<String, ?> given) {
    List<OptionSpec> specs = new ArrayList<>();
    specs.add(OptionSpec.required("uri", OptionSpec.Type.STRING, "The server."));
    specs.addAll(ServerOptions.specs());
    return OptionParser.parse(
            new ConnectorDescriptor(
                "test", "A test.", specs, Set.of(), DeliveryGuarantee.AT_MOST_ONCE),
            given)
        .orThrow();
  }

  private static @Nullable ServerAddress address(Map<String, ?> given) {
    OptionProblems problems = new OptionProblems("test");
    ServerAddress address = new ServerOptions(options(given), problems).byUri(SCHEMES);
    problems.throwIfAny();
    return address;
  }

  @Test
  void address_isTakenApart() {
    ServerAddress full = address(Map.of("uri", "amqps://me@[::1]:7/a%2Fb", "password", "secret"));
    assertThat(full).isNotNull();
    assertThat(full.host()).isEqualTo("::1");
    assertThat(full.port()).isEqualTo(7);
    assertThat(full.path()).isEqualTo("a/b");
    assertThat(full.user()).isEqualTo("me");
    assertThat(full.password().read()).isEqualTo("secret");
    assertThat(full.tls()).isNotNull();
    assertThat(full).hasToString("::1:7");
    ServerAddress plain = address(Map.of("uri", "AMQP://host"));
    assertThat(plain).isNotNull();
    assertThat(plain.port()).isEqualTo(5672);
    assertThat(plain.path()).isNull();
    assertThat(plain.user()).isNull();
    assertThat(plain.tls()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "host", "host:1", "http://host", "amqp://", "amqp://me:secret@host", "a b://"})
  void address_thatIsNone_orHoldsAPassword_isRefusedWithoutShowingIt(String uri) {
    assertThatThrownBy(() -> address(Map.of("uri", uri)))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("uri")
        .hasMessageNotContaining("secret");
  }

  @Test
  void problems_areToldAtOnce() {
    Map<String, Object> given = new HashMap<>();
    given.put("uri", "amqp://me@host");
    given.put("user", "you");
    given.put("password", "x");
    given.put("passwordFile", "y");
    given.put("tlsTrustStore", "z.pem");
    assertThatThrownBy(() -> address(given))
        .isInstanceOfSatisfying(
            FluxCoreException.class, e -> assertThat(e.diagnostics()).hasSize(3));
  }

  @Test
  void stores_arePemOrPkcs12() throws Exception {
    Path pkcs12 = directory.resolve("own.p12");
    makeKey(pkcs12);
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(Files.newInputStream(pkcs12), "changeit".toCharArray());
    Path pem = directory.resolve("own.pem");
    Files.writeString(
        pem,
        block("CERTIFICATE", store.getCertificate("own").getEncoded())
            + block("PRIVATE KEY", store.getKey("own", "changeit".toCharArray()).getEncoded()));
    Path trusted = directory.resolve("trusted.pem");
    Files.writeString(trusted, block("CERTIFICATE", store.getCertificate("own").getEncoded()));
    for (Path keys : List.of(pkcs12, pem)) {
      Map<String, Object> given = new HashMap<>();
      given.put("uri", "amqps://host");
      given.put("tlsTrustStore", trusted.toString());
      given.put("tlsKeyStore", keys.toString());
      given.put("tlsKeyStorePassword", "changeit");
      ServerAddress address = address(given);
      assertThat(address).isNotNull();
      TlsStores tls = address.tls();
      assertThat(tls).isNotNull();
      assertThat(tls.context().getProtocol()).isEqualTo("TLS");
      assertThat(tls.trustManagers()).isNotNull();
      assertThat(tls.keyManagers()).isNotNull();
    }
    Files.writeString(trusted, "nothing");
    ServerAddress broken =
        address(Map.of("uri", "amqps://host", "tlsTrustStore", trusted.toString()));
    assertThat(broken).isNotNull();
    TlsStores tls = broken.tls();
    assertThat(tls).isNotNull();
    assertThatThrownBy(tls::context)
        .hasMessageContaining("FLX-CONN-0010")
        .hasMessageContaining("trusted.pem");
  }

  private static String block(String kind, byte[] bytes) {
    return "-----BEGIN "
        + kind
        + "-----\n"
        + Base64.getMimeEncoder().encodeToString(bytes)
        + "\n-----END "
        + kind
        + "-----\n";
  }

  private static void makeKey(Path store)
      throws IOException, InterruptedException, GeneralSecurityException {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "own",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-storepass",
                "changeit",
                "-keystore",
                store.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(keytool.waitFor()).as(said).isZero();
  }
}
