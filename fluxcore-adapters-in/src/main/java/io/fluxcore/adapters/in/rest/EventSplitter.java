package io.fluxcore.adapters.in.rest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * Cuts a body into events as it arrives: lines, the items of a JSON array, or one JSON object.
 * Looks no further into an event than to find its end, since the stream reads it anyway. Not
 * thread-safe.
 */
final class EventSplitter {
  private static final int END = -1;

  private final InputStream in;
  private final boolean lines;
  private final int maxEventBytes;
  private final byte[] buffer = new byte[1 << 13];
  private final ByteArrayOutputStream event = new ByteArrayOutputStream();
  private int at;
  private int filled;
  private boolean tooLong;
  private State state = State.START;

  /**
   * A splitter.
   *
   * @param lines whether the body is NDJSON
   */
  EventSplitter(InputStream in, boolean lines, int maxEventBytes) {
    this.in = in;
    this.lines = lines;
    this.maxEventBytes = maxEventBytes;
  }

  /**
   * The next event, or null at the end.
   *
   * @throws Refused if the body is no JSON as far as that is looked at
   */
  @Nullable Piece next() throws IOException {
    event.reset();
    tooLong = false;
    return lines ? nextLine() : nextValue();
  }

  private @Nullable Piece nextLine() throws IOException {
    boolean blank = true;
    while (true) {
      int b = read();
      if (b == END || b == '\n') {
        if (!blank) {
          return piece();
        }
        if (b == END) {
          return null;
        }
        event.reset();
      } else if (!blank || !isSpace(b)) {
        blank = false;
        keep(b);
      }
    }
  }

  private @Nullable Piece nextValue() throws IOException {
    int b = readPastSpace();
    if (state == State.START) {
      if (b == END) {
        throw malformed("the body is empty");
      }
      if (b != '[') {
        state = State.AFTER;
        Piece single = value(b);
        expectEnd(readPastSpace());
        return single;
      }
      state = State.FIRST;
      b = readPastSpace();
    }
    if (state == State.AFTER) {
      return null;
    }
    if (b == ']' && state == State.FIRST) {
      state = State.AFTER;
      expectEnd(readPastSpace());
      return null;
    }
    state = State.ITEMS;
    Piece item = value(b);
    int after = readPastSpace();
    if (after == ']') {
      state = State.AFTER;
      expectEnd(readPastSpace());
    } else if (after != ',') {
      throw malformed(after == END ? "the array has no end" : "a comma or ']' is missing");
    }
    return item;
  }

  private static void expectEnd(int b) {
    if (b != END) {
      throw malformed("something follows the JSON value; send several events as an array or lines");
    }
  }

  /** A value that begins with this byte. */
  private Piece value(int first) throws IOException {
    if (first == '{' || first == '[' || first == '"') {
      nested(first);
    } else {
      plain(first);
    }
    return piece();
  }

  private void nested(int first) throws IOException {
    int depth = 0;
    boolean text = false;
    int b = first;
    while (true) {
      if (b == END) {
        throw malformed("the body ends within an event");
      }
      keep(b);
      if (text) {
        if (b == '\\') {
          int escaped = read();
          if (escaped != END) {
            keep(escaped);
          }
        } else if (b == '"') {
          text = false;
        }
      } else if (b == '"') {
        text = true;
      } else if (b == '{' || b == '[') {
        depth++;
      } else if (b == '}' || b == ']') {
        depth--;
      }
      if (depth == 0 && !text) {
        return;
      }
      b = read();
    }
  }

  /** A number or word, up to what cannot be part of one. */
  private void plain(int first) throws IOException {
    int b = first;
    if (b == END || b == ',' || b == ']' || b == '}') {
      throw malformed(b == END ? "the array has no end" : "an event is missing");
    }
    while (b != END && b != ',' && b != ']' && b != '}' && !isSpace(b)) {
      keep(b);
      b = read();
    }
    if (b != END) {
      at--;
    }
  }

  private void keep(int b) {
    if (event.size() < maxEventBytes) {
      event.write(b);
    } else {
      tooLong = true;
    }
  }

  private Piece piece() {
    return new Piece(event.toByteArray(), tooLong);
  }

  private int readPastSpace() throws IOException {
    int b = read();
    while (b != END && isSpace(b)) {
      b = read();
    }
    return b;
  }

  private int read() throws IOException {
    if (at == filled) {
      filled = in.read(buffer, 0, buffer.length);
      at = 0;
      if (filled <= 0) {
        filled = 0;
        return END;
      }
    }
    return buffer[at++] & 0xff;
  }

  private static boolean isSpace(int b) {
    return b == ' ' || b == '\t' || b == '\n' || b == '\r';
  }

  private static Refused malformed(String what) {
    return new Refused(
        HttpStatus.BAD_REQUEST,
        "FLX-REST-0001",
        what,
        "send one JSON object, an array of them, or application/x-ndjson with one a line");
  }

  private enum State {
    START,
    FIRST,
    ITEMS,
    AFTER
  }

  /**
   * An event as it came.
   *
   * @param tooLong whether it is cut off because it is longer than events may be
   */
  record Piece(byte[] json, boolean tooLong) {
    boolean isObject() {
      return json.length > 0 && json[0] == '{';
    }
  }
}
