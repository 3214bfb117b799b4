package io.fluxcore.adapters.out.format;

import com.google.protobuf.Descriptors.Descriptor;
import io.fluxcore.adapters.out.format.SchemaSubject.Registered;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.application.connector.RequiredLibrary;
import io.fluxcore.application.schemaregistry.RegistryOptions;
import io.fluxcore.domain.event.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes the encoders of formats that have schemas: Avro, Protobuf, and JSON under a registry. The
 * schema is given, derived from the rows, or the latest of a subject.
 */
final class SchemaOptions {
  private static final String SUBJECT = "subject";
  private static final String REGISTER = "registerSchema";
  private static final String SCHEMA_FILE = "schemaFile";
  private static final String DESCRIPTOR_FILE = "descriptorFile";
  private static final String MESSAGE_TYPE = "messageType";
  private static final String RECORD_NAME = "recordName";

  private final ConnectorOptions options;
  private final Schema rows;
  private final OptionProblems problems;
  private final @Nullable RegistryOptions registry;
  private final @Nullable String subject;

  SchemaOptions(ConnectorOptions options, Schema rows, OptionProblems problems) {
    this.options = options;
    this.rows = rows;
    this.problems = problems;
    this.registry = RegistryOptions.of(options, problems);
    this.subject = options.optionalString(SUBJECT);
    if ((subject == null) != (registry == null)) {
      problems.add(
          subject == null ? SUBJECT : RegistryOptions.URL,
          "a registry's schemas stand under subjects, and only one of the two is given",
          "give both " + RegistryOptions.URL + " and " + SUBJECT + ", or neither");
    }
  }

  /** What connectors declare. */
  static List<OptionSpec> specs() {
    List<OptionSpec> specs =
        new ArrayList<>(
            List.of(
                OptionSpec.optional(
                    SCHEMA_FILE,
                    OptionSpec.Type.PATH,
                    null,
                    "Avro: a file with the schema, as JSON; without it one is derived from the"
                        + " rows, with every field a union with null."),
                OptionSpec.optional(
                    DESCRIPTOR_FILE,
                    OptionSpec.Type.PATH,
                    null,
                    "Protobuf: a file that `protoc --include_imports --descriptor_set_out` wrote;"
                        + " without it a type is derived from the rows, with the fields numbered in"
                        + " their order."),
                OptionSpec.optional(
                    MESSAGE_TYPE,
                    OptionSpec.Type.STRING,
                    null,
                    "Protobuf: full name of the type in `descriptorFile`, unless it has only one."),
                OptionSpec.optional(
                    RECORD_NAME,
                    OptionSpec.Type.STRING,
                    "Row",
                    "Avro and Protobuf: full name of the derived schema, such as"
                        + " `com.example.Order`.")));
    specs.addAll(RegistryOptions.SPECS);
    specs.add(
        OptionSpec.optional(
            SUBJECT,
            OptionSpec.Type.STRING,
            null,
            "Registry: the subject of the messages' schema, such as `orders-value`."));
    specs.add(
        OptionSpec.optional(
            REGISTER,
            OptionSpec.Type.BOOLEAN,
            "true",
            "Registry: whether a schema that the subject does not have is registered. With `false`"
                + " it must be there; and Avro without `schemaFile` is then written by the"
                + " subject's latest schema."));
    return List.copyOf(specs);
  }

  /** Whether messages begin with the number of their schema. */
  boolean hasRegistry() {
    return registry != null && subject != null;
  }

  /** Problems of options that do not belong to the format. */
  void check(String format) {
    only(format, "avro", SCHEMA_FILE);
    only(format, "protobuf", DESCRIPTOR_FILE);
    only(format, "protobuf", MESSAGE_TYPE);
    if (registry != null && !List.of("avro", "protobuf", "json").contains(format)) {
      problems.add(
          RegistryOptions.URL,
          "messages of the format " + format + " have no schema",
          "set format: avro, protobuf or json, or leave it out");
    }
  }

  private void only(String actual, String format, String option) {
    if (options.has(option) && !actual.equals(format)) {
      problems.add(
          option,
          "the format is " + actual + ", and the option is for the format " + format,
          "set format: " + format + ", or leave it out");
    }
  }

  /** Encoders of JSON whose schema is in the registry. */
  Supplier<RowEncoder> json(RowKinds kinds) {
    return () ->
        new LateRowEncoder(
            () ->
                new JsonRowEncoder(
                    rows, kinds, registered("JSON", JsonSchemas.of(rows, kinds)).prefix()));
  }

  /** Encoders of Avro. */
  Supplier<RowEncoder> avro() {
    RequiredLibrary.check("org.apache.avro.Schema", "org.apache.avro:avro", "format: avro");
    byte[] file = read(SCHEMA_FILE);
    if (file == null && hasRegistry() && !options.bool(REGISTER)) {
      return () ->
          new LateRowEncoder(
              () -> {
                Registered latest = subject().latest();
                return new AvroRowEncoder(
                    rows, AvroSchemas.parse(latest.text(), SUBJECT), latest.prefix());
              });
    }
    org.apache.avro.Schema schema =
        file == null
            ? AvroSchemas.of(rows, options.string(RECORD_NAME))
            : AvroSchemas.parse(
                new String(file, java.nio.charset.StandardCharsets.UTF_8), SCHEMA_FILE);
    new AvroRowEncoder(rows, schema, new byte[0]); // told now rather than with the first row
    if (!hasRegistry()) {
      return () -> new AvroRowEncoder(rows, schema, new byte[0]);
    }
    return () ->
        new LateRowEncoder(
            () -> new AvroRowEncoder(rows, schema, registered("AVRO", schema.toString()).prefix()));
  }

  /** Encoders of Protobuf. */
  Supplier<RowEncoder> protobuf() {
    RequiredLibrary.check(
        "com.google.protobuf.Message", "com.google.protobuf:protobuf-java", "format: protobuf");
    byte[] file = read(DESCRIPTOR_FILE);
    Descriptor type =
        file == null
            ? ProtoSchemas.of(rows, options.string(RECORD_NAME))
            : ProtoSchemas.find(file, options.optionalString(MESSAGE_TYPE));
    new ProtoRowEncoder(rows, type, new byte[0]); // told now rather than with the first row
    if (!hasRegistry()) {
      return () -> new ProtoRowEncoder(rows, type, new byte[0]);
    }
    String text = Base64.getEncoder().encodeToString(type.getFile().toProto().toByteArray());
    return () ->
        new LateRowEncoder(
            () ->
                new ProtoRowEncoder(
                    rows, type, withIndexes(registered("PROTOBUF", text).prefix(), type)));
  }

  /** A type's place in its file, behind the schema's number: one zero for the first type. */
  private static byte[] withIndexes(byte[] prefix, Descriptor type) {
    List<Integer> indexes = new ArrayList<>();
    for (Descriptor at = type; at != null; at = at.getContainingType()) {
      indexes.add(0, at.getIndex());
    }
    BinaryOutput out = new BinaryOutput();
    out.writeFixed(prefix);
    if (indexes.equals(List.of(0))) {
      out.writeLong(0);
    } else {
      out.writeLong(indexes.size());
      indexes.forEach(out::writeLong);
    }
    return out.toByteArray();
  }

  private Registered registered(String type, String text) {
    return subject().find(type, text, options.bool(REGISTER));
  }

  private SchemaSubject subject() {
    RegistryOptions where = registry;
    String name = subject;
    if (where == null || name == null) {
      throw new IllegalStateException("there is no registry");
    }
    return new SchemaSubject(where, name);
  }

  private byte @Nullable [] read(String option) {
    if (!options.has(option)) {
      return null;
    }
    Path file = options.path(option);
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      problems.add(option, "cannot read " + file + ": " + e, "let this user read it");
      problems.throwIfAny();
      return null;
    }
  }
}
