package io.fluxcore.adapters.in.format;

import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.event.Schema;
import org.jspecify.annotations.Nullable;

/** How records are written. Immutable and thread-safe. */
public interface RecordFormat {
  /** The fields that the format gives by itself or has declared; null where it has none. */
  @Nullable Schema schema();

  /** What rows do to what came before: those of changes take back, if all is told, whole rows. */
  default Changes changes() {
    return Changes.appends();
  }

  /** Whether the first record of a file names the fields. */
  default boolean hasHeader() {
    return false;
  }

  /** Whether line ends have no meaning in records, so that none may be added or taken away. */
  default boolean isBinary() {
    return false;
  }

  /**
   * What finds the records.
   *
   * @param header the bytes of the header, where there is one and it has been read
   */
  RecordFramer framer(byte @Nullable [] header);

  /**
   * A decoder for one reader.
   *
   * @param wanted the fields to decode, closed
   * @param keepRaw whether batches carry the records as they were
   * @param header the bytes of the header where the format has one
   * @throws io.fluxcore.domain.error.FluxCoreException if the format cannot give these fields
   */
  RecordDecoder decoder(Schema wanted, boolean keepRaw, byte @Nullable [] header);
}
