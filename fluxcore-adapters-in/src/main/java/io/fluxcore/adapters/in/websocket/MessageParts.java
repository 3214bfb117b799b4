package io.fluxcore.adapters.in.websocket;

import io.fluxcore.adapters.in.backlog.Message;
import io.fluxcore.adapters.in.backlog.MessageProperties;
import io.fluxcore.adapters.in.backlog.MessageProperties.Flaw;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A message that comes in parts. Of one that is too long the first bytes are kept. */
final class MessageParts {
  private static final String TOO_LARGE = "FLX-FORMAT-0002";
  private static final int KEPT_BYTES = 4096;
  private static final int MICROS_PER_MILLI = 1000;

  private final int maxBytes;
  private final MessageProperties properties;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private String half = "";
  private long length;

  MessageParts(int maxBytes, MessageProperties properties) {
    this.maxBytes = maxBytes;
    this.properties = properties;
  }

  /** A part of a text, which may end amid a character. */
  void add(CharSequence part) {
    CharSequence text = half.isEmpty() ? part : half + part;
    int end = text.length();
    half = "";
    if (end > 0 && Character.isHighSurrogate(text.charAt(end - 1))) {
      half = text.subSequence(end - 1, end).toString();
      end--;
    }
    add(StandardCharsets.UTF_8.encode(CharBuffer.wrap(text, 0, end)));
  }

  void add(ByteBuffer part) {
    length += part.remaining();
    int most = isTooLong() ? KEPT_BYTES : maxBytes;
    int kept = Math.min(part.remaining(), Math.max(0, most - bytes.size()));
    byte[] taken = new byte[kept];
    part.get(taken);
    bytes.writeBytes(taken);
  }

  private boolean isTooLong() {
    return length > maxBytes;
  }

  /** The message, which is whole; then the next one begins. */
  Message take() {
    byte[] whole = bytes.toByteArray();
    MessageProperties known = properties;
    if (isTooLong()) {
      whole = Arrays.copyOf(whole, Math.min(whole.length, KEPT_BYTES));
      known = properties.with(tooLong(length + " bytes", maxBytes, whole.length));
    }
    bytes.reset();
    length = 0;
    return new Message(whole, nowMicros(), known);
  }

  /** Why a message of which so much came is none. */
  static Flaw tooLong(String length, int maxBytes, int kept) {
    return new Flaw(
        TOO_LARGE,
        "the message has "
            + length
            + ", more than the "
            + maxBytes
            + " of maxRecordBytes; its first "
            + kept
            + " are kept");
  }

  static long nowMicros() {
    return System.currentTimeMillis() * MICROS_PER_MILLI;
  }
}
