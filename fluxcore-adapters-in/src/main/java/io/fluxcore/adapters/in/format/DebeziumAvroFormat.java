package io.fluxcore.adapters.in.format;

import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Changes of a database's rows as Debezium writes them in Avro, each message by the schema of its
 * number in a registry, or all by one schema that is given. What they mean is what {@link
 * DebeziumFormat} says of those in JSON.
 */
final class DebeziumAvroFormat implements RecordFormat {
  private final @Nullable Schema declared;
  private final FieldSettings settings;
  private final org.apache.avro.@Nullable Schema envelope;
  private final @Nullable SchemaRegistry registry;
  private final @Nullable String subject;
  private @Nullable Schema ofSubject;

  /**
   * A format; one of envelope and registry is given.
   *
   * @param declared the fields that the user declared; null: those of a row, where they are known
   * @param envelope the schema of all messages; null: the registry knows those of each
   * @param subject whose latest schema gives the fields; null: none does
   */
  DebeziumAvroFormat(
      @Nullable Schema declared,
      FieldSettings settings,
      org.apache.avro.@Nullable Schema envelope,
      @Nullable SchemaRegistry registry,
      @Nullable String subject) {
    this.declared = declared;
    this.settings = settings;
    this.envelope = envelope;
    this.registry = registry;
    this.subject = subject;
  }

  @Override
  public Changes changes() {
    return Changes.retracts(null);
  }

  @Override
  public synchronized @Nullable Schema schema() {
    if (declared != null) {
      return declared;
    }
    if (ofSubject == null) {
      try {
        if (registry != null && subject != null) {
          ofSubject = ChangeEnvelope.fields(AvroSchemas.parse(registry.latest(subject)));
        } else if (envelope != null) {
          ofSubject = ChangeEnvelope.fields(envelope);
        }
      } catch (BadValue e) {
        throw FluxCoreException.user(
            e.code(),
            Place.of(subject == null ? "schemaFile" : "subject"),
            e.text(),
            "name a schema of Debezium's changes, or another format");
      }
    }
    return ofSubject;
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
    if (registry != null) {
      SchemaIds<ChangeEnvelope> ids =
          new SchemaIds<>(
              registry, schema -> ChangeEnvelope.of(AvroSchemas.parse(schema), wanted, settings));
      return new DebeziumAvroDecoder(wanted, ids, null, keepRaw);
    }
    if (envelope == null) {
      throw new IllegalStateException("neither a schema nor a registry");
    }
    try {
      return new DebeziumAvroDecoder(
          wanted, null, ChangeEnvelope.of(envelope, wanted, settings), keepRaw);
    } catch (BadValue e) {
      throw FluxCoreException.user(
          e.code(), Place.of("schema"), e.text(), "declare a type that goes with it");
    }
  }
}
