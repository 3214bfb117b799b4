package io.fluxcore.adapters.in.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import io.fluxcore.application.connector.Secret;
import io.fluxcore.application.schemaregistry.RegistryOptions;
import io.fluxcore.application.schemaregistry.kit.RegistryStub;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Messages whose schemas are in a registry, which is a stub over HTTP. */
final class SchemaRegistryTest {
  private static final String V1 =
      "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\",\"type\":\"int\"}]}";
  private static final String V2 =
      "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"b\",\"type\":\"string\","
          + "\"default\":\"none\"},{\"name\":\"a\",\"type\":\"long\"}]}";
  private static final Schema A = Schema.of(new Field("a", DataType.LONG));

  private final RegistryStub stub = RegistryStub.start();

  @AfterEach
  void stop() {
    stub.close();
  }

  private static SchemaRegistry registry(
      String url, @Nullable String user, @Nullable String password, @Nullable Path certificates) {
    return new SchemaRegistry(
        new RegistryOptions(
            List.of(URI.create(url)),
            user,
            new Secret("registryPassword", password, null),
            certificates));
  }

  private SchemaRegistry registry() {
    return registry(stub.url(), null, null, null);
  }

  private AvroFormat avro(@Nullable Schema declared, @Nullable String subject) {
    return new AvroFormat(declared, FieldSettings.DEFAULT, null, registry(), subject);
  }

  private static byte[] message(int id, int... body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {0, 0, 0, (byte) (id >> 8), (byte) id});
    for (int one : body) {
      out.write(one);
    }
    return out.toByteArray();
  }

  @Test
  void subjectsLatestSchema_givesTheFields_andMessagesAreReadByTheirOwn() {
    int first = stub.register("r-value", "AVRO", V1);
    int second = stub.register("r-value", "AVRO", V2);
    AvroFormat format = avro(null, "r-value");
    Schema fields = format.schema();
    assertThat(fields).isNotNull();
    assertThat(fields.toString()).isEqualTo("(b string, a long)");
    Messages.Result result =
        Messages.decode(
            format, fields, message(second, 2, 'x', 14), message(first, 16), message(first, 18));
    assertThat(result.bad()).isEmpty();
    assertThat(result.rows().toString()).isEqualTo("[[x, 7], [none, 8], [none, 9]]");
    assertThat(stub.requests()).hasSize(3);
  }

  @Test
  void unknownNumber_isABadRecord_andSoIsAMessageWithoutOne() {
    int known = stub.register("r-value", "AVRO", V1);
    int other = stub.register("text", "JSON", "{}");
    Messages.Result result =
        Messages.decode(
            avro(A, null),
            A,
            message(known, 14),
            message(4711, 14),
            new byte[] {1, 2, 3, 4, 5, 6},
            new byte[0],
            message(other, 14),
            message(4711, 14));
    assertThat(result.rows().toString()).isEqualTo("[[7]]");
    assertThat(result.bad()).hasSize(5);
    assertThat(result.bad().get(0)).startsWith("1 FLX-FORMAT-0020 schema 4711 is unknown");
    assertThat(result.bad().get(1)).startsWith("2 FLX-FORMAT-0001");
    assertThat(result.bad().get(2)).startsWith("3 FLX-FORMAT-0001");
    assertThat(result.bad().get(3)).startsWith("4 FLX-FORMAT-0021 schema 2: the schema is of JSON");
    assertThat(stub.requests().stream().filter(r -> r.endsWith("/4711"))).hasSize(1);
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void registryThatIsDown_isWaitedFor() throws Exception {
    int id = stub.register("r-value", "AVRO", V1);
    RecordDecoder decoder = avro(A, null).decoder(A, false, null);
    stub.pause();
    Messages.Result[] result = new Messages.Result[1];
    Thread reader = new Thread(() -> result[0] = Messages.decode(decoder, message(id, 14)));
    reader.start();
    while (reader.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    assertThat(reader.isAlive()).isTrue();
    stub.resume();
    reader.join();
    assertThat(result[0].bad()).isEmpty();
    assertThat(result[0].rows().toString()).isEqualTo("[[7]]");
  }

  @Test
  void waiting_isEndedByAnInterrupt() throws Exception {
    RecordDecoder decoder = avro(A, null).decoder(A, false, null);
    stub.pause();
    Throwable[] thrown = new Throwable[1];
    Thread reader = new Thread(() -> Messages.decode(decoder, message(1, 14)));
    reader.setUncaughtExceptionHandler((thread, e) -> thrown[0] = e);
    reader.start();
    reader.interrupt();
    reader.join();
    assertThat(thrown[0])
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("FLX-REGISTRY-0006");
  }

  @Test
  void unknownSubject_wrongLogin_andNoRegistryAtAll_areToldApart() {
    assertThatThrownBy(() -> avro(null, "no-such").schema())
        .hasMessageContaining("FLX-REGISTRY-0004")
        .hasMessageContaining("'no-such'");
    stub.register("r-value", "AVRO", V1);
    stub.withLogin("ada", "secret");
    assertThatThrownBy(() -> registry(stub.url(), "ada", "wrong", null).latest("r-value"))
        .hasMessageContaining("FLX-REGISTRY-0001")
        .hasMessageContaining("'ada'")
        .hasMessageNotContaining("wrong");
    assertThat(registry(stub.url(), "ada", "secret", null).latest("r-value").id()).isEqualTo(1);
    stub.pause();
    assertThatThrownBy(() -> registry(stub.url(), "ada", "secret", null).latest("r-value"))
        .hasMessageContaining("FLX-REGISTRY-0003");
  }

  @Test
  void schemasThatReferToOthers_areReadWithThem() {
    stub.register(
        "inner", "AVRO", "{\"type\":\"enum\",\"name\":\"t.Inner\",\"symbols\":[\"X\",\"Y\"]}");
    int id =
        stub.register(
            "outer",
            "AVRO",
            "{\"type\":\"record\",\"name\":\"O\",\"fields\":[{\"name\":\"a\",\"type\":\"t.Inner\"}]}",
            "{\"name\":\"t.Inner\",\"subject\":\"inner\",\"version\":1}");
    Schema wanted = Schema.of(new Field("a", DataType.STRING));
    assertThat(Messages.decode(avro(null, "outer"), wanted, message(id, 2)).rows().toString())
        .isEqualTo("[[Y]]");
  }

  private static String proto(DescriptorProto.Builder... messages) {
    FileDescriptorProto.Builder file =
        FileDescriptorProto.newBuilder().setName("t.proto").setPackage("t").setSyntax("proto3");
    List.of(messages).forEach(file::addMessageType);
    return Base64.getEncoder().encodeToString(file.build().toByteArray());
  }

  private static DescriptorProto.Builder message(String name, int number) {
    return DescriptorProto.newBuilder()
        .setName(name)
        .addField(
            FieldDescriptorProto.newBuilder()
                .setName("a")
                .setNumber(number)
                .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL)
                .setType(FieldDescriptorProto.Type.TYPE_INT64));
  }

  @Test
  void protobufMessages_nameTheirTypeByItsPlace() {
    int id =
        stub.register(
            "p-value",
            "PROTOBUF",
            proto(message("One", 1), message("Two", 2).addNestedType(message("Three", 3))));
    ProtoFormat format =
        new ProtoFormat(null, FieldSettings.DEFAULT, null, registry(), "p-value", "t.Two.Three");
    Schema fields = format.schema();
    assertThat(fields).isEqualTo(A);
    Messages.Result result =
        Messages.decode(
            format,
            A,
            message(id, 0, 8, 7),
            message(id, 2, 0, 8, 8),
            message(id, 2, 2, 16, 9),
            message(id, 4, 2, 0, 24, 10),
            message(id, 2, 6, 16, 9),
            message(id, 1, 16, 9));
    assertThat(result.rows().toString()).isEqualTo("[[7], [8], [9], [10]]");
    assertThat(result.bad()).hasSize(2).allMatch(bad -> bad.contains("FLX-FORMAT-0001"));
  }

  @Test
  void jsonMessages_areReadWithoutTheirSchema_whichGivesTheFields() {
    int id =
        stub.register(
            "j-value",
            "JSON",
            "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":[\"integer\",\"null\"]},"
                + "\"d\":{\"type\":\"string\",\"format\":\"date\"},"
                + "\"x\":{\"oneOf\":[{\"type\":\"null\"},{\"type\":\"number\"}]},\"n\":{}}}");
    NumberedFormat format =
        new NumberedFormat(
            new JsonFormat(null, FieldSettings.DEFAULT), null, registry(), "j-value");
    Schema fields = format.schema();
    assertThat(fields).isNotNull();
    assertThat(fields.toString()).isEqualTo("(a long, d date, x double, n nested)");
    byte[] json = "{\"a\":7,\"n\":[1]}".getBytes(StandardCharsets.UTF_8);
    int[] body = new int[json.length];
    for (int i = 0; i < body.length; i++) {
      body[i] = json[i];
    }
    Messages.Result result =
        Messages.decode(format, fields, message(id, body), new byte[] {9}, json, message(id, 'x'));
    assertThat(result.rows().toString()).isEqualTo("[[7, null, null, [1]], [7, null, null, [1]]]");
    assertThat(result.bad().get(0)).startsWith("1 FLX-FORMAT-0001");
    assertThat(result.bad().get(1)).startsWith("3 FLX-FORMAT-0001");
  }

  @Test
  void certificateOfTheRegistry_isTrustedWhereItIsGiven(@TempDir Path directory) throws Exception {
    Path store = directory.resolve("store");
    Path certificate = directory.resolve("registry.pem");
    keytool(
        "-genkeypair",
        "-keyalg",
        "EC",
        "-alias",
        "r",
        "-dname",
        "CN=localhost",
        "-ext",
        "san=dns:localhost",
        "-storepass",
        "secret",
        "-keystore",
        store.toString());
    keytool(
        "-exportcert",
        "-rfc",
        "-alias",
        "r",
        "-storepass",
        "secret",
        "-keystore",
        store.toString(),
        "-file",
        certificate.toString());
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, "secret".toCharArray());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, "secret".toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    try (RegistryStub tls = RegistryStub.startTls(context)) {
      tls.register("r-value", "AVRO", V1);
      assertThat(registry(tls.url(), null, null, certificate).latest("r-value").text())
          .isEqualTo(V1);
      assertThatThrownBy(() -> registry(tls.url(), null, null, null).latest("r-value"))
          .hasMessageContaining("FLX-REGISTRY-0003");
      assertThatThrownBy(
              () -> registry(tls.url(), null, null, directory.resolve("none")).latest("r-value"))
          .hasMessageContaining("FLX-REGISTRY-0002");
    }
  }

  private static void keytool(String... arguments) throws Exception {
    List<String> command = new java.util.ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }
}
