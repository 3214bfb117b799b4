package io.fluxcore.adapters.in.format;

import java.util.List;

/**
 * Web access logs in one pass: words between spaces, a time in brackets, texts in quotes with
 * backslash escapes. The meaning is that of {@link NamedPattern#regex()}.
 */
record AccessLogPattern(String id, List<String> names, boolean combined) implements LinePattern {
  private static final int CLIENT = 0;
  private static final int TIME = 3;
  private static final int REQUEST = 4;
  private static final int METHOD = 5;
  private static final int PATH = 6;
  private static final int PROTOCOL = 7;
  private static final int STATUS = 8;
  private static final int BYTES = 9;
  private static final int REFERER = 10;
  private static final int AGENT = 11;

  @Override
  public void split(byte[] line, int from, int to, FieldSpans spans) {
    int at = from;
    for (int field = CLIENT; field < TIME; field++) {
      int space = LineEnds.indexOf(line, at, to, (byte) ' ');
      if (space <= at) {
        throw noMatch(line, from, to);
      }
      spans.set(field, line, at, space);
      at = space + 1;
    }
    if (at >= to || line[at] != '[') {
      throw noMatch(line, from, to);
    }
    int close = LineEnds.indexOf(line, at, to, (byte) ']');
    if (close <= at + 1 || close + 1 >= to || line[close + 1] != ' ') {
      throw noMatch(line, from, to);
    }
    spans.set(TIME, line, at + 1, close);
    at = quoted(line, close + 2, to, REQUEST, spans);
    if (at > 0) {
      request(line, spans);
      at = number(line, at, to, STATUS, spans);
    }
    if (at > 0 && lengthOrDash(line, spans, STATUS, 3)) {
      at = number(line, at, to, BYTES, spans);
      if (at > 0 && combined) {
        at = quoted(line, at, to, REFERER, spans);
        if (at > 0) {
          at = quoted(line, at, to, AGENT, spans);
        }
      }
      if (at == to + 1) {
        return;
      }
    }
    throw noMatch(line, from, to);
  }

  private BadValue noMatch(byte[] line, int from, int to) {
    return LinePattern.noMatch(id, line, from, to);
  }

  /**
   * A text in quotes, and the space behind it.
   *
   * @return index behind the space; {@code to + 1} at the end of the line; -1 if there is none
   */
  private static int quoted(byte[] line, int from, int to, int field, FieldSpans spans) {
    if (from >= to || line[from] != '"') {
      return -1;
    }
    int at = from + 1;
    while (at < to && line[at] != '"') {
      at += line[at] == '\\' ? 2 : 1;
    }
    if (at >= to) {
      return -1;
    }
    spans.set(field, line, from + 1, at);
    return behindSpace(line, at + 1, to);
  }

  private static int number(byte[] line, int from, int to, int field, FieldSpans spans) {
    int at = from;
    while (at < to && line[at] >= '0' && line[at] <= '9') {
      at++;
    }
    if (at == from && at < to && line[at] == '-') {
      at++;
    }
    if (at == from || at > to) {
      return -1;
    }
    spans.set(field, line, from, at);
    return behindSpace(line, at, to);
  }

  private static int behindSpace(byte[] line, int at, int to) {
    return at == to || line[at] == ' ' ? at + 1 : -1;
  }

  private static boolean lengthOrDash(byte[] line, FieldSpans spans, int field, int length) {
    return spans.ends[field] - spans.starts[field] == length || line[spans.starts[field]] == '-';
  }

  /** {@code GET /path HTTP/1.1}; what looks otherwise has no method, path and protocol. */
  private static void request(byte[] line, FieldSpans spans) {
    int from = spans.starts[REQUEST];
    int to = spans.ends[REQUEST];
    spans.setAbsent(METHOD);
    spans.setAbsent(PATH);
    spans.setAbsent(PROTOCOL);
    int at = from;
    while (at < to && ((line[at] | 0x20) >= 'a' && (line[at] | 0x20) <= 'z')) {
      at++;
    }
    if (at == from || at >= to || line[at] != ' ') {
      return;
    }
    int path = at + 1;
    int pathEnd = word(line, path, to);
    if (pathEnd == path) {
      return;
    }
    int protocol = pathEnd + 1;
    if (pathEnd < to) {
      if (line[pathEnd] != ' ' || protocol == to || word(line, protocol, to) != to) {
        return;
      }
      spans.set(PROTOCOL, line, protocol, to);
    }
    spans.set(METHOD, line, from, at);
    spans.set(PATH, line, path, pathEnd);
  }

  private static int word(byte[] line, int from, int to) {
    int at = from;
    while (at < to && line[at] != ' ' && line[at] != '\\') {
      at++;
    }
    return at;
  }
}
