package io.fluxcore.adapters.in.format;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Messages of JSON that begin with the number of their schema in a registry. JSON says itself what
 * is in it, so a message is read without its schema; that of the subject only gives the fields.
 */
final class NumberedFormat implements RecordFormat {
  private final RecordFormat format;
  private final @Nullable Schema declared;
  private final SchemaRegistry registry;
  private final @Nullable String subject;
  private @Nullable Schema ofSubject;

  NumberedFormat(
      RecordFormat format,
      @Nullable Schema declared,
      SchemaRegistry registry,
      @Nullable String subject) {
    this.format = format;
    this.declared = declared;
    this.registry = registry;
    this.subject = subject;
  }

  @Override
  public synchronized @Nullable Schema schema() {
    if (declared != null || subject == null) {
      return declared;
    }
    Schema known = ofSubject;
    if (known == null) {
      try {
        known = JsonSchemas.fields(registry.latest(subject));
      } catch (BadValue e) {
        throw FluxCoreException.user(
            e.code(),
            Place.of("subject"),
            "subject '" + subject + "': " + e.text(),
            "name a subject of JSON, or another format");
      }
      ofSubject = known;
    }
    return known;
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
    return new NumberedDecoder(format.decoder(wanted, keepRaw, header));
  }
}
