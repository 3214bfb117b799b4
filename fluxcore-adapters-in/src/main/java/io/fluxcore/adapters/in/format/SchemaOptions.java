package io.fluxcore.adapters.in.format;

import com.google.protobuf.Descriptors.Descriptor;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.application.connector.RequiredLibrary;
import io.fluxcore.application.schemaregistry.RegistryOptions;
import io.fluxcore.domain.event.Schema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes the formats that have schemas of their own: Avro, Protobuf, Debezium's changes, and JSON
 * under a registry. The schema is given in a file, or that of a registry's subject, or each message
 * names its own.
 */
final class SchemaOptions {
  private static final String SUBJECT = "subject";
  private static final String SCHEMA_FILE = "schemaFile";
  private static final String DESCRIPTOR_FILE = "descriptorFile";
  private static final String MESSAGE_TYPE = "messageType";

  private final ConnectorOptions options;
  private final OptionProblems problems;
  private final @Nullable Schema declared;
  private final FieldSettings settings;
  private final @Nullable SchemaRegistry registry;
  private final @Nullable String subject;

  SchemaOptions(
      ConnectorOptions options,
      OptionProblems problems,
      @Nullable Schema declared,
      FieldSettings settings) {
    this.options = options;
    this.problems = problems;
    this.declared = declared;
    this.settings = settings;
    RegistryOptions where = RegistryOptions.of(options, problems);
    this.registry = where == null ? null : new SchemaRegistry(where);
    this.subject = options.optionalString(SUBJECT);
    if (subject != null && registry == null) {
      problems.add(
          SUBJECT, "there is no registry", "give " + RegistryOptions.URL + ", or leave it out");
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
                    "Avro: a file with the schema, as JSON. Without a registry messages are written"
                        + " by it; with one it gives aliases and defaults."),
                OptionSpec.optional(
                    DESCRIPTOR_FILE,
                    OptionSpec.Type.PATH,
                    null,
                    "Protobuf: a file that `protoc --include_imports --descriptor_set_out` wrote."),
                OptionSpec.optional(
                    MESSAGE_TYPE,
                    OptionSpec.Type.STRING,
                    null,
                    "Protobuf: full name of the messages' type, unless `descriptorFile` has only"
                        + " one, or it is the first of the subject's schema.")));
    specs.addAll(RegistryOptions.SPECS);
    specs.add(
        OptionSpec.optional(
            SUBJECT,
            OptionSpec.Type.STRING,
            null,
            "Registry: the subject whose latest schema gives the fields, such as `orders-value`;"
                + " without it `schema` does, or a field has the type that its first use asks"
                + " for."));
    return List.copyOf(specs);
  }

  /** Problems of options that do not belong to the format. */
  void check(String format) {
    if (!format.equals("debezium-avro")) {
      only(format, "avro", SCHEMA_FILE);
    }
    only(format, "protobuf", DESCRIPTOR_FILE);
    only(format, "protobuf", MESSAGE_TYPE);
    if (registry != null
        && !List.of("avro", "protobuf", "json", "debezium", "debezium-avro").contains(format)) {
      problems.add(
          RegistryOptions.URL,
          "messages of the format " + format + " have no schema",
          "set format: avro, protobuf, json, debezium or debezium-avro, or leave it out");
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

  /** A format of JSON, behind the number of its schema where there is a registry. */
  RecordFormat json(RecordFormat format) {
    return registry == null ? format : new NumberedFormat(format, declared, registry, subject);
  }

  /** Container files of Avro, which hold the schemas that they are written by. */
  static ContainerFormat container(
      ConnectorOptions options,
      OptionProblems problems,
      @Nullable Schema declared,
      FieldSettings settings) {
    RequiredLibrary.check("org.apache.avro.Schema", "org.apache.avro:avro", "format: avro");
    org.apache.avro.Schema reader = avroSchema(options, problems);
    problems.throwIfAny();
    return new ContainerFormat(declared, settings, reader);
  }

  /** The schema of the file; null if none is named. */
  private static org.apache.avro.@Nullable Schema avroSchema(
      ConnectorOptions options, OptionProblems problems) {
    byte[] file = read(options, SCHEMA_FILE, problems);
    if (file == null) {
      return null;
    }
    try {
      return AvroSchemas.parse(new String(file, StandardCharsets.UTF_8));
    } catch (BadValue e) {
      problems.add(SCHEMA_FILE, e.text(), "give a file with an Avro schema");
      return null;
    }
  }

  RecordFormat avro() {
    org.apache.avro.Schema reader = writersOrReaders("format: avro");
    return new AvroFormat(declared, settings, reader, registry, subject);
  }

  /** Debezium's changes in Avro. */
  RecordFormat debeziumAvro() {
    if (registry != null && options.has(SCHEMA_FILE)) {
      problems.add(
          SCHEMA_FILE, "the registry has the schemas of the changes", "give one of the two");
    }
    org.apache.avro.Schema envelope = writersOrReaders("format: debezium-avro");
    return new DebeziumAvroFormat(declared, settings, envelope, registry, subject);
  }

  private org.apache.avro.@Nullable Schema writersOrReaders(String format) {
    RequiredLibrary.check("org.apache.avro.Schema", "org.apache.avro:avro", format);
    org.apache.avro.Schema schema = avroSchema(options, problems);
    if (!options.has(SCHEMA_FILE) && registry == null) {
      problems.add(
          SCHEMA_FILE,
          "Avro cannot be read without the schema that it was written by",
          "give schemaFile, or a registry");
    }
    problems.throwIfAny();
    return schema;
  }

  RecordFormat protobuf() {
    RequiredLibrary.check(
        "com.google.protobuf.Message", "com.google.protobuf:protobuf-java", "format: protobuf");
    byte[] file = read(options, DESCRIPTOR_FILE, problems);
    String messageType = options.optionalString(MESSAGE_TYPE);
    Descriptor type = null;
    if (file != null) {
      try {
        type = ProtoSchemas.find(file, messageType);
      } catch (BadValue e) {
        problems.add(
            DESCRIPTOR_FILE,
            e.text(),
            "give a descriptor set, and messageType for one of its types");
      }
    } else if (registry == null) {
      problems.add(
          DESCRIPTOR_FILE,
          "Protobuf cannot be read without the type that it was written by",
          "give descriptorFile, or a registry");
    }
    problems.throwIfAny();
    return new ProtoFormat(declared, settings, type, registry, subject, messageType);
  }

  private static byte @Nullable [] read(
      ConnectorOptions options, String option, OptionProblems problems) {
    if (!options.has(option)) {
      return null;
    }
    Path file = options.path(option);
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      problems.add(option, "cannot read " + file + ": " + e, "let this user read it");
      return new byte[0];
    }
  }
}
