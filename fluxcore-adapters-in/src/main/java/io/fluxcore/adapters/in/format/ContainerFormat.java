package io.fluxcore.adapters.in.format;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.Schema;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Container files of Avro: records in blocks, which may be compressed, with the schema that they
 * are written by in front. Files may have different schemas; a field that one does not have is null
 * there, or what the user's schema gives as a default. Immutable and thread-safe.
 */
public final class ContainerFormat {
  private static final String FIELDS = "FLX-FORMAT-0110";

  private final @Nullable Schema declared;
  private final FieldSettings settings;
  private final org.apache.avro.@Nullable Schema reader;

  /**
   * The format.
   *
   * @param declared the fields that the user declared; null: those of a schema
   * @param reader the schema that the user goes by, with aliases and defaults; null: there is none
   */
  ContainerFormat(
      @Nullable Schema declared, FieldSettings settings, org.apache.avro.@Nullable Schema reader) {
    this.declared = declared;
    this.settings = settings;
    this.reader = reader;
  }

  /**
   * The fields, if they are known without a file.
   *
   * @see #schema(Path)
   */
  public @Nullable Schema schema() {
    if (declared != null) {
      return declared;
    }
    return reader == null ? null : AvroSchemas.fields(reader);
  }

  /** The fields that a file has. */
  public Schema schema(Path file) throws IOException {
    try (ContainerReader opened = new ContainerReader(file)) {
      return AvroSchemas.fields(opened.schema());
    }
  }

  /** Opens a file. */
  public ContainerReader open(Path file) throws IOException {
    return new ContainerReader(file);
  }

  /**
   * A decoder of the records of a file.
   *
   * @param wanted the fields to decode, closed
   * @param keepRaw whether batches carry the records as they were
   * @throws FluxCoreException if the file cannot give these fields
   */
  public RecordDecoder decoder(ContainerReader file, Schema wanted, boolean keepRaw) {
    try {
      AvroPlan plan = AvroPlan.of(file.schema(), reader, wanted, settings);
      return new AvroDecoder(wanted, null, plan, keepRaw);
    } catch (BadValue e) {
      throw FluxCoreException.user(
          FIELDS,
          Place.of("schema"),
          "in " + file.path() + ", " + e.text(),
          "declare fields that the file has, with types that go with it");
    }
  }
}
