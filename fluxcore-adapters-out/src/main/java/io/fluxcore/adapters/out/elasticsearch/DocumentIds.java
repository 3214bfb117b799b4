package io.fluxcore.adapters.out.elasticsearch;

import io.fluxcore.adapters.out.format.TextValues;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The ids of documents: the same row has the same one, whenever and wherever it is written. Not
 * thread-safe.
 *
 * <p>An id of fields is their texts with {@code |} between; in them {@code \} and {@code |} have a
 * {@code \} before, a null is {@code \N} and an empty text {@code \E}. One that is longer than the
 * servers take is the SHA-256 of that. The id of a row is the SHA-256 of its document and the time
 * of its event: two rows that agree in both are one document.
 */
final class DocumentIds {
  /** Longest id of a document, in bytes. */
  private static final int MAX_BYTES = 512;

  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private final Kind kind;
  private final int[] fields;
  private final TextValues texts = new TextValues();
  private final StringBuilder text = new StringBuilder();
  private final MessageDigest digest = sha256();
  private final ByteBuffer time = ByteBuffer.allocate(Long.BYTES);

  /** What ids are made of. */
  enum Kind {
    FIELDS,
    ROW,
    /** The server makes them. */
    SERVER
  }

  /**
   * Ids of one kind.
   *
   * @param fields ordinals of the fields, where they are made of them
   */
  DocumentIds(Kind kind, int[] fields) {
    this.kind = kind;
    this.fields = fields;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** The id of a row's document; null: the server makes one. */
  @Nullable String id(EventBatch batch, int row, byte[] document) {
    return switch (kind) {
      case FIELDS -> ofFields(batch, row);
      case ROW -> ofRow(batch.timestamps()[row], document);
      case SERVER -> null;
    };
  }

  private String ofFields(EventBatch batch, int row) {
    text.setLength(0);
    for (int i = 0; i < fields.length; i++) {
      if (i > 0) {
        text.append('|');
      }
      Column column = batch.column(fields[i]);
      if (column.isNull(row)) {
        text.append("\\N");
      } else {
        escaped(texts.text(column, row));
      }
    }
    if (text.length() <= MAX_BYTES) {
      String id = text.toString();
      if (3 * id.length() <= MAX_BYTES || utf8(id).length <= MAX_BYTES) {
        return id;
      }
    }
    return BASE64.encodeToString(digest.digest(utf8(text.toString())));
  }

  private void escaped(String value) {
    if (value.isEmpty()) {
      text.append("\\E");
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\\' || c == '|') {
        text.append('\\');
      }
      text.append(c);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private String ofRow(long timestamp, byte[] document) {
    digest.update(time.clear().putLong(timestamp).array());
    return BASE64.encodeToString(digest.digest(document));
  }
}
