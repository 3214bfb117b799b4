package io.fluxcore.adapters.in.format;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Kinds of lines that many programs write, with the types of their fields. Each is defined by a
 * regular expression, {@link #regex()}, and matched by hand, since that is many times faster; a
 * test compares the two.
 */
public enum NamedPattern {
  /** The Common Log Format of the Apache HTTP server and many others. */
  APACHE_COMMON("apache-common", false),
  /** The Common Log Format with referer and user agent. */
  APACHE_COMBINED("apache-combined", true);

  private static final String QUOTED = "(?:[^\"\\\\]|\\\\.)*";
  private static final String COMMON =
      "(?<clientIp>[^ ]+) (?<identity>[^ ]+) (?<user>[^ ]+) \\[(?<time>[^\\]]+)\\]"
          + " \"(?<request>(?:(?<method>[A-Za-z]+) (?<path>[^ \"\\\\]+)(?: (?<protocol>[^ \"\\\\]+))?|"
          + QUOTED
          + "))\" (?<status>[0-9]{3}|-) (?<bytes>[0-9]+|-)";
  private static final String AGENT =
      " \"(?<referer>" + QUOTED + ")\" \"(?<userAgent>" + QUOTED + ")\"";

  private final String id;
  private final boolean combined;

  NamedPattern(String id, boolean combined) {
    this.id = id;
    this.combined = combined;
  }

  /** The pattern of this name, or null. */
  public static @Nullable NamedPattern find(String name) {
    return Arrays.stream(values()).filter(p -> p.id.equals(name)).findFirst().orElse(null);
  }

  public static List<String> names() {
    return Arrays.stream(values()).map(p -> p.id).toList();
  }

  /** The expression that defines the pattern. */
  public String regex() {
    return combined ? COMMON + AGENT : COMMON;
  }

  /** The fields and their types. */
  public Schema schema() {
    Schema.Builder schema =
        Schema.builder()
            .field("clientIp", DataType.STRING)
            .field("identity", DataType.STRING)
            .field("user", DataType.STRING)
            .field("time", DataType.TIMESTAMP_TZ)
            .field("request", DataType.STRING)
            .field("method", DataType.STRING)
            .field("path", DataType.STRING)
            .field("protocol", DataType.STRING)
            .field("status", DataType.LONG)
            .field("bytes", DataType.LONG);
    if (combined) {
      schema.field("referer", DataType.STRING).field("userAgent", DataType.STRING);
    }
    return schema.build();
  }

  Map<String, String> timeFormats() {
    return Map.of("time", "dd/MMM/yyyy:HH:mm:ss Z");
  }

  String nullText() {
    return "-";
  }

  LinePattern pattern() {
    return new AccessLogPattern(id, schema().fieldNames(), combined);
  }
}
