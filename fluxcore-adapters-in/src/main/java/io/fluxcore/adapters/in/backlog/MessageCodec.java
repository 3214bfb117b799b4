package io.fluxcore.adapters.in.backlog;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Messages as records of a spool; see the package's description. */
final class MessageCodec {
  private static final int PLAIN = 1;
  private static final int FLAWED = 2;
  private static final int SEVEN_BITS = 0x7F;

  private MessageCodec() {}

  static byte[] record(Message message) {
    byte[] bytes = message.bytes();
    long micros = message.micros() & Long.MAX_VALUE;
    if (message.properties().isEmpty()) {
      return ByteBuffer.allocate(Long.BYTES + bytes.length).putLong(micros).put(bytes).array();
    }
    byte[] properties = bytesOf(message.properties());
    return ByteBuffer.allocate(Long.BYTES + properties.length + bytes.length)
        .putLong(micros | Long.MIN_VALUE)
        .put(properties)
        .put(bytes)
        .array();
  }

  private static byte[] bytesOf(MessageProperties properties) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    MessageProperties.Flaw flaw = properties.flaw();
    out.write(flaw == null ? PLAIN : FLAWED);
    if (flaw != null) {
      text(out, flaw.code());
      text(out, flaw.message());
    }
    text(out, properties.id());
    text(out, properties.key());
    number(out, properties.headers().size());
    properties
        .headers()
        .forEach(
            (name, value) -> {
              text(out, name);
              text(out, value);
            });
    return out.toByteArray();
  }

  private static void text(ByteArrayOutputStream out, @Nullable String text) {
    if (text == null) {
      number(out, 0);
      return;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    number(out, bytes.length + 1);
    out.writeBytes(bytes);
  }

  private static void number(ByteArrayOutputStream out, int number) {
    int rest = number;
    while (rest > SEVEN_BITS) {
      out.write((rest & SEVEN_BITS) | ~SEVEN_BITS);
      rest >>>= 7;
    }
    out.write(rest);
  }

  /**
   * Takes a record apart.
   *
   * @throws FluxCoreException if it was written otherwise
   */
  static boolean read(byte[] bytes, int from, int to, Backlog.Taker taker) {
    ByteBuffer in = ByteBuffer.wrap(bytes, from, to - from);
    long first;
    MessageProperties properties;
    try {
      first = in.getLong();
      properties = first < 0 ? properties(in) : MessageProperties.NONE;
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw unknown(String.valueOf(e.getMessage()));
    }
    return taker.take(first << 1 >> 1, properties, bytes, in.position(), to);
  }

  private static MessageProperties properties(ByteBuffer in) {
    int version = in.get();
    if (version != PLAIN && version != FLAWED) {
      throw unknown("properties of version " + version);
    }
    MessageProperties.Flaw flaw = version == FLAWED ? flaw(in) : null;
    String id = text(in);
    String key = text(in);
    int count = number(in);
    Map<String, String> headers = new HashMap<>();
    for (int i = 0; i < count; i++) {
      String name = text(in);
      String value = text(in);
      if (name == null || value == null) {
        throw unknown("a header without name or value");
      }
      headers.put(name, value);
    }
    return new MessageProperties(id, key, headers, flaw);
  }

  private static MessageProperties.Flaw flaw(ByteBuffer in) {
    String code = text(in);
    String message = text(in);
    if (code == null || message == null) {
      throw unknown("a flaw without code or message");
    }
    return new MessageProperties.Flaw(code, message);
  }

  private static @Nullable String text(ByteBuffer in) {
    int length = number(in) - 1;
    if (length < 0) {
      return null;
    }
    if (length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static int number(ByteBuffer in) {
    int number = 0;
    for (int shift = 0; shift < Integer.SIZE; shift += 7) {
      int next = in.get();
      number |= (next & SEVEN_BITS) << shift;
      if (next >= 0) {
        return number;
      }
    }
    throw unknown("a number without end");
  }

  private static FluxCoreException unknown(String what) {
    return new FluxCoreException(
        ErrorCategory.EXTERNAL,
        Diagnostic.error(
            "FLX-BACKLOG-0003",
            Place.of("spool"),
            "the spool has a record that is not known here: " + what,
            "read it with the version of FluxCore that wrote it, or take the directory away to"
                + " begin with an empty spool"));
  }
}
