package io.fluxcore.adapters.in.format;

import io.fluxcore.domain.error.RecordException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/** Nested values of JSON, as {@link io.fluxcore.domain.event.DataType} says. */
final class JsonValues {
  /** A record's size is bounded by its source, so strings need no bound of their own. */
  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(1 << 16)
                  .maxNumberLength(1000)
                  .maxNestingDepth(200)
                  .build())
          .disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
          .build();

  private JsonValues() {}

  static JsonParser parser(byte[] bytes, int from, int to) {
    return FACTORY.createParser(ObjectReadContext.empty(), bytes, from, to - from);
  }

  /**
   * The value of a whole text; null for {@code null}.
   *
   * @throws BadValue if it is no JSON
   */
  static @Nullable Object parse(String field, byte[] text) {
    try (JsonParser parser = parser(text, 0, text.length)) {
      if (parser.nextToken() == null) {
        throw BadValue.wrongType(field, "JSON", "");
      }
      Object value = read(parser);
      if (parser.nextToken() != null) {
        throw BadValue.wrongType(field, "one JSON value", utf8(text));
      }
      return value;
    } catch (JacksonException | NumberFormatException e) {
      throw BadValue.wrongType(field, "JSON", utf8(text));
    }
  }

  /** The members of a record that has been decoded before. */
  static Map<String, @Nullable Object> members(byte[] record) {
    Map<String, @Nullable Object> result = new LinkedHashMap<>();
    try (JsonParser parser = parser(record, 0, record.length)) {
      parser.nextToken();
      for (String name = parser.nextName(); name != null; name = parser.nextName()) {
        parser.nextToken();
        result.put(name, read(parser));
      }
    } catch (JacksonException | NumberFormatException e) {
      throw new RecordException(BadValue.SYNTAX, "the record is not JSON: " + e.getMessage(), e);
    }
    return result;
  }

  /** The value that the parser is at; afterwards it is at its last token. */
  static @Nullable Object read(JsonParser parser) {
    JsonToken token = parser.currentToken();
    if (token == null) {
      return null;
    }
    return switch (token) {
      case START_OBJECT -> {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
          parser.nextToken();
          map.put(name, read(parser));
        }
        yield map;
      }
      case START_ARRAY -> {
        List<@Nullable Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          list.add(read(parser));
        }
        yield list;
      }
      case VALUE_STRING -> parser.getString();
      case VALUE_NUMBER_INT -> integer(parser);
      case VALUE_NUMBER_FLOAT -> floating(parser);
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> null;
    };
  }

  private static Object integer(JsonParser parser) {
    if (parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
      return parser.getLongValue();
    }
    BigInteger value = parser.getBigIntegerValue();
    return new BigDecimal(value);
  }

  private static Object floating(JsonParser parser) {
    double value = parser.getDoubleValue();
    return Double.isInfinite(value) ? (Object) parser.getDecimalValue() : (Object) value;
  }

  private static String utf8(byte[] text) {
    return new String(text, 0, Math.min(400, text.length), StandardCharsets.UTF_8);
  }
}
