package io.fluxcore.adapters.in.format;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Messages in Avro's binary encoding, one record each. They are written by one schema that is
 * given, or each by that of its number in a registry. Fields that nobody wants are skipped without
 * an object.
 */
final class AvroFormat implements RecordFormat {
  private static final String FIELDS = "FLX-FORMAT-0110";

  private final @Nullable Schema declared;
  private final FieldSettings settings;
  private final @Nullable SchemaRegistry registry;
  private final @Nullable String subject;
  private org.apache.avro.@Nullable Schema reader;

  /**
   * A format; at least one of reader and registry is given.
   *
   * @param declared the fields that the user declared; null: those of the reader's schema
   * @param reader the schema that the user goes by; null: the latest of the subject
   * @param registry that knows the writers' schemas; null: the reader's is the writer's
   * @param subject whose latest schema is the reader's; null: none
   */
  AvroFormat(
      @Nullable Schema declared,
      FieldSettings settings,
      org.apache.avro.@Nullable Schema reader,
      @Nullable SchemaRegistry registry,
      @Nullable String subject) {
    this.declared = declared;
    this.settings = settings;
    this.reader = reader;
    this.registry = registry;
    this.subject = subject;
  }

  /** The schema that the user goes by; asks the registry where it must. */
  private synchronized org.apache.avro.@Nullable Schema reader() {
    if (reader == null && registry != null && subject != null) {
      try {
        reader = AvroSchemas.parse(registry.latest(subject));
      } catch (BadValue e) {
        throw FluxCoreException.user(
            e.code(),
            Place.of("subject"),
            "subject '" + subject + "': " + e.text(),
            "name a subject of Avro, or another format");
      }
    }
    return reader;
  }

  @Override
  public @Nullable Schema schema() {
    if (declared != null) {
      return declared;
    }
    org.apache.avro.Schema known = reader();
    return known == null ? null : AvroSchemas.fields(known);
  }

  @Override
  public boolean isBinary() {
    return true;
  }

  @Override
  public RecordFramer framer(byte @Nullable [] header) {
    return WholeMessage.INSTANCE;
  }

  @Override
  public RecordDecoder decoder(Schema wanted, boolean keepRaw, byte @Nullable [] header) {
    org.apache.avro.Schema known = reader();
    checkFields(wanted, known);
    if (registry != null) {
      return new AvroDecoder(
          wanted,
          new SchemaIds<>(
              registry, schema -> AvroPlan.of(AvroSchemas.parse(schema), known, wanted, settings)),
          null,
          keepRaw);
    }
    if (known == null) {
      throw new IllegalStateException("neither a schema nor a registry");
    }
    return new AvroDecoder(wanted, null, AvroPlan.of(known, null, wanted, settings), keepRaw);
  }

  /** What is wrong with the fields is told before anything is read. */
  private void checkFields(Schema wanted, org.apache.avro.@Nullable Schema known) {
    if (known == null) {
      return;
    }
    List<String> has = AvroSchemas.fields(known).fieldNames();
    List<Diagnostic> problems =
        wanted.fields().stream()
            .filter(field -> !has.contains(field.name()))
            .map(
                field ->
                    Diagnostic.error(
                        FIELDS,
                        Place.of("schema"),
                        "the Avro schema "
                            + known.getFullName()
                            + " has no field '"
                            + field.name()
                            + "'",
                        "its fields are " + String.join(", ", has)))
            .toList();
    if (!problems.isEmpty()) {
      throw new FluxCoreException(ErrorCategory.USER, problems, null);
    }
    try {
      AvroPlan.of(known, null, wanted, settings);
    } catch (BadValue e) {
      throw FluxCoreException.user(
          FIELDS,
          Place.of("schema"),
          "by the Avro schema " + known.getFullName() + ", " + e.text(),
          "declare a type that goes with it");
    }
  }
}
