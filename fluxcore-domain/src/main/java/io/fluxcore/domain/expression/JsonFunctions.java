package io.fluxcore.domain.expression;

import static io.fluxcore.domain.event.DataType.BOOLEAN;
import static io.fluxcore.domain.event.DataType.NESTED;
import static io.fluxcore.domain.event.DataType.STRING;

import io.fluxcore.domain.event.DataType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * SQL/JSON over nested values and over texts, which are parsed. What happens where there is nothing
 * or the text is no JSON is said by a word, as SQL's ON EMPTY and ON ERROR.
 */
final class JsonFunctions {
  private static final String NULL = "null";
  private static final String ERROR = "error";
  private static final String DEFAULT = "default";

  private JsonFunctions() {}

  static List<ScalarFunction> all() {
    return List.of(
        StandardFunction.typed(
            "json_value(json, 'path' [, 'on empty', default, 'on error', default]) → string",
            "The text of the scalar at a path of SQL/JSON such as '$.user.tags[0]' (elements count"
                + " from 0 there); null where there is none, unless it is said: 'null', 'error' or"
                + " 'default' with the default behind it.",
            2,
            6,
            List.of(NESTED, STRING),
            JsonFunctions::value),
        StandardFunction.typed(
            "json_query(json, 'path' [, 'wrapper', 'on empty', 'on error']) → string",
            "The JSON of the list or map at a path; scalars as lists of one with the wrapper"
                + " 'conditional', everything with 'unconditional' (else 'without'); else null,"
                + " unless it is said: 'null', 'error', 'empty array' or 'empty object'.",
            2,
            5,
            List.of(NESTED, STRING),
            JsonFunctions::query),
        StandardFunction.typed(
            "json_exists(json, 'path' [, 'on error']) → boolean",
            "Whether a path leads to anything; of what is no JSON 'false' unless it is said:"
                + " 'true', 'unknown', 'error'.",
            2,
            3,
            List.of(NESTED, STRING),
            JsonFunctions::exists),
        StandardFunction.ofValues(
            "is_json(text [, kind]) → boolean",
            "Whether a text is JSON: a 'value', or an 'object', 'array' or 'scalar'.",
            BOOLEAN,
            List.of(STRING, STRING),
            1,
            values -> isJson((String) values[0], values.length > 1 ? (String) values[1] : "value")),
        StandardFunction.ofValues(
            "parse_json(text) → nested",
            "The value of JSON.",
            NESTED,
            List.of(STRING),
            1,
            values -> orNull(JsonText.parse((String) values[0]))),
        StandardFunction.ofValues(
            "try_parse_json(text) → nested",
            "The value of JSON; null where the text is none.",
            NESTED,
            List.of(STRING),
            1,
            values -> orNull(JsonText.find((String) values[0]))),
        StandardFunction.typed(
            "json_string(value) → string",
            "A value as JSON.",
            1,
            1,
            List.of(),
            (function, arguments, context) ->
                new ScalarFunction.Binding(
                    STRING,
                    List.of(arguments.get(0).type()),
                    StandardFunction.body(
                        "json_string",
                        STRING,
                        values -> TextValues.json(NestedValues.of(values[0]))))),
        StandardFunction.typed(
            "json_object('on null', key, value, …) → string",
            "A JSON object; a null is left out with 'absent', else it is 'null'.",
            1,
            Integer.MAX_VALUE,
            List.of(),
            JsonFunctions::object),
        StandardFunction.typed(
            "json_array('on null', value, …) → string",
            "A JSON array; a null is left out with 'absent', else it is 'null'.",
            1,
            Integer.MAX_VALUE,
            List.of(),
            JsonFunctions::array),
        StandardFunction.ofValues(
            "json_quote(text) → string",
            "A text as JSON.",
            STRING,
            List.of(STRING),
            1,
            values -> TextValues.json(values[0])),
        StandardFunction.ofValues(
            "json_unquote(text) → string",
            "The text of a JSON string; another text as it is.",
            STRING,
            List.of(STRING),
            1,
            values -> JsonText.find((String) values[0]) instanceof String text ? text : values[0]));
  }

  private static @Nullable Object orNull(@Nullable Object parsed) {
    return parsed == JsonText.NULL ? null : parsed;
  }

  /** A text is parsed; the null of JSON is {@link JsonText#NULL}. */
  private static Object parsed(Object value, DataType type) {
    return type.equals(STRING) ? JsonText.parse((String) value) : value;
  }

  private static DataType documentType(ScalarFunction function, Operand document) {
    DataType type = Coercion.isUntypedNull(document) ? NESTED : document.type();
    if (!type.equals(NESTED) && !type.equals(STRING)) {
      throw Arguments.mismatch(function, "needs a nested value or a text");
    }
    return type;
  }

  private static JsonPath path(ScalarFunction function, List<? extends Operand> arguments) {
    try {
      return JsonPath.of(Arguments.constantText(function, arguments, 1, "the path"));
    } catch (IllegalArgumentException e) {
      throw Arguments.mismatch(function, String.valueOf(e.getMessage()));
    }
  }

  /** One of these words, which is said literally. */
  private static String word(
      ScalarFunction function, List<? extends Operand> arguments, int at, List<String> words) {
    if (at >= arguments.size()) {
      return words.get(0);
    }
    String word =
        Arguments.constantText(function, arguments, at, "what happens").toLowerCase(Locale.ROOT);
    if (!words.contains(word)) {
      throw Arguments.mismatch(function, "knows " + words + ", not '" + word + "'");
    }
    return word;
  }

  private static List<DataType> parameters(
      DataType document, List<? extends Operand> arguments, DataType others) {
    List<DataType> parameters = new ArrayList<>();
    parameters.add(document);
    for (int i = 1; i < arguments.size(); i++) {
      parameters.add(others);
    }
    return parameters;
  }

  private static ScalarFunction.Binding value(
      ScalarFunction function, List<? extends Operand> arguments, ExpressionContext context) {
    DataType type = documentType(function, arguments.get(0));
    JsonPath path = path(function, arguments);
    String onEmpty = word(function, arguments, 2, List.of(NULL, ERROR, DEFAULT));
    String onError = word(function, arguments, 4, List.of(NULL, ERROR, DEFAULT));
    return new ScalarFunction.Binding(
        STRING,
        parameters(type, arguments, STRING),
        StandardFunction.nullableBody(
            "json_value",
            STRING,
            values -> {
              Object document = values[0];
              if (document == null) {
                return null;
              }
              Object found;
              try {
                found = scalar(path, path.find(orNull(parsed(document, type))));
              } catch (IllegalArgumentException e) {
                return otherwise(onError, values, 5, e);
              }
              return found == null
                  ? otherwise(onEmpty, values, 3, new IllegalArgumentException("there is no value"))
                  : TextValues.text(found);
            }));
  }

  /** The scalar that was found, or null; in strict mode something else is an error. */
  private static @Nullable Object scalar(JsonPath path, List<@Nullable Object> found) {
    Object value = found.size() == 1 ? found.get(0) : null;
    boolean isScalar = found.size() == 1 && !(value instanceof List) && !(value instanceof Map);
    if (!isScalar && path.isStrict()) {
      throw new IllegalArgumentException("what is there is no scalar");
    }
    return isScalar ? value : null;
  }

  private static @Nullable Object otherwise(
      String word, @Nullable Object[] values, int defaultAt, IllegalArgumentException error) {
    return switch (word) {
      case ERROR -> throw error;
      case DEFAULT -> defaultAt < values.length ? values[defaultAt] : null;
      default -> null;
    };
  }

  private static ScalarFunction.Binding query(
      ScalarFunction function, List<? extends Operand> arguments, ExpressionContext context) {
    DataType type = documentType(function, arguments.get(0));
    JsonPath path = path(function, arguments);
    String wrapper =
        word(function, arguments, 2, List.of("without", "conditional", "unconditional"));
    List<String> words = List.of(NULL, ERROR, "empty array", "empty object");
    String onEmpty = word(function, arguments, 3, words);
    String onError = word(function, arguments, 4, words);
    return new ScalarFunction.Binding(
        STRING,
        parameters(type, arguments, STRING),
        StandardFunction.body(
            "json_query",
            STRING,
            values -> {
              Object found;
              try {
                found = tree(path, path.find(orNull(parsed(values[0], type))), wrapper);
              } catch (IllegalArgumentException e) {
                return empty(onError, e);
              }
              return found == null
                  ? empty(onEmpty, new IllegalArgumentException("there is no list and no map"))
                  : TextValues.json(found);
            }));
  }

  private static @Nullable Object tree(
      JsonPath path, List<@Nullable Object> found, String wrapper) {
    if (found.isEmpty()) {
      return null;
    }
    Object value = path.isDefinite() ? found.get(0) : found;
    boolean isWrapped =
        wrapper.equals("unconditional")
            || (wrapper.equals("conditional") && !(value instanceof List));
    if (isWrapped) {
      List<@Nullable Object> wrapped = new ArrayList<>();
      wrapped.add(value);
      return wrapped;
    }
    boolean isTree = value instanceof List || value instanceof Map;
    if (!isTree && value != null && path.isStrict()) {
      throw new IllegalArgumentException("what is there is no list and no map");
    }
    return isTree ? value : null;
  }

  private static @Nullable String empty(String word, IllegalArgumentException error) {
    return switch (word) {
      case ERROR -> throw error;
      case "empty array" -> "[]";
      case "empty object" -> "{}";
      default -> null;
    };
  }

  private static ScalarFunction.Binding exists(
      ScalarFunction function, List<? extends Operand> arguments, ExpressionContext context) {
    DataType type = documentType(function, arguments.get(0));
    JsonPath path = path(function, arguments);
    String onError = word(function, arguments, 2, List.of("false", "true", "unknown", ERROR));
    return new ScalarFunction.Binding(
        BOOLEAN,
        parameters(type, arguments, STRING),
        StandardFunction.body(
            "json_exists",
            BOOLEAN,
            values -> {
              try {
                return !path.find(orNull(parsed(values[0], type))).isEmpty();
              } catch (IllegalArgumentException e) {
                return switch (onError) {
                  case ERROR -> throw e;
                  case "unknown" -> null;
                  default -> onError.equals("true");
                };
              }
            }));
  }

  private static boolean isJson(String text, String kind) {
    Object value = JsonText.find(text);
    return switch (kind.toLowerCase(Locale.ROOT)) {
      case "object" -> value instanceof Map;
      case "array" -> value instanceof List;
      case "scalar" -> value != null && !(value instanceof Map) && !(value instanceof List);
      case "value" -> value != null;
      default -> throw new IllegalArgumentException("'" + kind + "' is no kind of JSON");
    };
  }

  private static List<DataType> own(List<? extends Operand> arguments) {
    List<DataType> types = new ArrayList<>();
    arguments.forEach(argument -> types.add(argument.type()));
    return types;
  }

  private static ScalarFunction.Binding object(
      ScalarFunction function, List<? extends Operand> arguments, ExpressionContext context) {
    boolean absent = word(function, arguments, 0, List.of(NULL, "absent")).equals("absent");
    if (arguments.size() % 2 == 0) {
      throw Arguments.mismatch(function, "needs a value for each key");
    }
    return new ScalarFunction.Binding(
        STRING,
        own(arguments),
        StandardFunction.nullableBody(
            "json_object",
            STRING,
            values -> {
              Map<String, @Nullable Object> members = new LinkedHashMap<>();
              for (int i = 1; i < values.length; i += 2) {
                if (values[i] == null) {
                  throw new IllegalArgumentException("a key is null");
                }
                if (!absent || values[i + 1] != null) {
                  members.put(TextValues.text(values[i]), NestedValues.of(values[i + 1]));
                }
              }
              return TextValues.json(members);
            }));
  }

  private static ScalarFunction.Binding array(
      ScalarFunction function, List<? extends Operand> arguments, ExpressionContext context) {
    boolean absent = word(function, arguments, 0, List.of(NULL, "absent")).equals("absent");
    return new ScalarFunction.Binding(
        STRING,
        own(arguments),
        StandardFunction.nullableBody(
            "json_array",
            STRING,
            values -> {
              List<@Nullable Object> elements = new ArrayList<>();
              for (int i = 1; i < values.length; i++) {
                if (!absent || values[i] != null) {
                  elements.add(NestedValues.of(values[i]));
                }
              }
              return TextValues.json(elements);
            }));
  }
}
