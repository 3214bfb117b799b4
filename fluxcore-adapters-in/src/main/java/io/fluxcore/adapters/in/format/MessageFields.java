package io.fluxcore.adapters.in.format;

import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Fields of events that are not in the bytes of messages but beside them: the key, headers, the
 * time, and what else a connector knows of a message. Immutable.
 */
public final class MessageFields {
  /** None. */
  public static final MessageFields NONE = new MessageFields(Map.of());

  static final String OPTION = "metadata";

  /** The identity of a message, for connectors that list it among their parts. */
  public static final String ID = "id";

  static final String KEY = "key";
  static final String TIMESTAMP = "timestamp";
  static final String HEADER = "header:";
  private static final String WRONG_TYPE = "FLX-FORMAT-0105";

  private final Map<String, String> parts;

  private MessageFields(Map<String, String> parts) {
    this.parts = parts;
  }

  /**
   * The option {@code metadata}.
   *
   * @param others what there is beside key, timestamp and headers, such as {@code offset}
   */
  public static OptionSpec option(List<String> others) {
    StringBuilder more = new StringBuilder();
    others.forEach(other -> more.append(", `").append(other).append('`'));
    return OptionSpec.optional(
        OPTION,
        OptionSpec.Type.MAP,
        null,
        "Fields that are made of what lies beside the bytes of a message: by field, one of `key`,"
            + " `timestamp`"
            + more
            + " or `header:name`.");
  }

  /**
   * The fields that the option asks for.
   *
   * @param others as for {@link #option}
   * @param declared the fields of the messages themselves; null: not known
   */
  public static MessageFields of(
      ConnectorOptions options,
      List<String> others,
      @Nullable Schema declared,
      OptionProblems problems) {
    Map<String, String> parts = new LinkedHashMap<>();
    options
        .map(OPTION)
        .forEach(
            (field, value) -> {
              String part = String.valueOf(value);
              boolean isKnown =
                  part.equals(KEY)
                      || part.equals(TIMESTAMP)
                      || others.contains(part)
                      || (part.startsWith(HEADER) && part.length() > HEADER.length());
              if (!isKnown) {
                problems.add(
                    OPTION,
                    "field '" + field + "' cannot be made of '" + part + "'",
                    "write one of key, timestamp, "
                        + (others.isEmpty() ? "" : String.join(", ", others) + ", ")
                        + "or header:name");
              } else if (declared != null && declared.indexOf(field) >= 0) {
                problems.add(
                    OPTION,
                    "the messages have a field '" + field + "' of their own",
                    "give the other one another name");
              } else {
                parts.put(field, part);
              }
            });
    return parts.isEmpty() ? NONE : new MessageFields(parts);
  }

  /** What a field is made of, or null if it is in the bytes. */
  @Nullable String part(String field) {
    return parts.get(field);
  }

  /**
   * The fields of messages and these.
   *
   * @param declared those of the messages; null: not known
   * @param types of parts other than headers, as they are declared where nobody asks for another
   */
  public @Nullable Schema added(@Nullable Schema declared, Map<String, DataType> types) {
    if (declared == null) {
      return null;
    }
    Schema result = declared;
    for (Map.Entry<String, String> field : parts.entrySet()) {
      result =
          result.with(
              new Field(field.getKey(), types.getOrDefault(field.getValue(), DataType.STRING)));
    }
    return result;
  }

  /** Of the wanted fields, those that are in the bytes of messages. */
  Schema decoded(Schema wanted) {
    List<Field> fields = new ArrayList<>();
    for (Field field : wanted.fields()) {
      if (!parts.containsKey(field.name())) {
        fields.add(field);
      }
    }
    return fields.size() == wanted.size() ? wanted : Schema.of(fields);
  }

  /** Refuses a field of a type that its part cannot have. */
  static void checkType(Field field, String part, DataType... possible) {
    for (DataType type : possible) {
      if (type.equals(field.type())) {
        return;
      }
    }
    throw FluxCoreException.user(
        WRONG_TYPE,
        Place.of(OPTION),
        "field '" + field.name() + "' is used as " + field.type() + ", and is made of " + part,
        "it can be "
            + String.join(" or ", List.of(possible).stream().map(String::valueOf).toList()));
  }
}
