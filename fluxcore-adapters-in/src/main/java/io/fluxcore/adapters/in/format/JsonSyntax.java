package io.fluxcore.adapters.in.format;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Whether bytes are one JSON object, whatever its members. */
public final class JsonSyntax {
  /** Code of a record that is not. */
  public static final String CODE = BadValue.SYNTAX;

  private JsonSyntax() {}

  /** What is wrong with the bytes; null if they are one JSON object. */
  public static @Nullable String problem(byte[] record) {
    try (JsonParser parser = JsonValues.parser(record, 0, record.length)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return "it is not a JSON object: " + BadValue.shorten(record, 0, record.length);
      }
      parser.skipChildren();
      if (parser.currentToken() != JsonToken.END_OBJECT) {
        return "it is not JSON: the object has no end";
      }
      return parser.nextToken() == null ? null : "something follows the JSON object";
    } catch (JacksonException e) {
      return "it is not JSON: " + e.getOriginalMessage();
    } catch (NumberFormatException e) {
      return "a number is out of any range: " + e.getMessage();
    }
  }
}
