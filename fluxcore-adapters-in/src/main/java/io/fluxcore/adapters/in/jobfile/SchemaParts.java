package io.fluxcore.adapters.in.jobfile;

import io.fluxcore.application.connector.OptionSpec;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The pieces that {@link JobFileSchema} is made of. Each value has a {@code title} that says in
 * words what may stand there: messages are made of it. Wherever a value is not any text, a
 * parameter may stand for it, so that editors accept files before their parameters are replaced.
 */
final class SchemaParts {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String PARAMETER = "\\$\\{.+\\}";

  private SchemaParts() {}

  /**
   * A word that may stand in an object.
   *
   * @param schema what it may be
   */
  record Word(String name, ObjectNode schema) {}

  static Word named(String name, ObjectNode schema) {
    return new Word(name, schema);
  }

  static ObjectNode object(Word... members) {
    return object(List.of(members));
  }

  static ObjectNode object(List<Word> members) {
    ObjectNode object = NODES.objectNode();
    object.put("type", "object");
    ObjectNode properties = object.putObject("properties");
    for (Word member : members) {
      properties.set(member.name(), member.schema());
    }
    object.put("additionalProperties", false);
    return object;
  }

  static ArrayNode array(String... values) {
    ArrayNode array = NODES.arrayNode();
    for (String value : values) {
      array.add(value);
    }
    return array;
  }

  static ObjectNode ref(String definition, String description) {
    ObjectNode ref = NODES.objectNode();
    ref.put("$ref", "#/$defs/" + definition);
    ref.put("description", description);
    return ref;
  }

  static ObjectNode text(String description) {
    return ref("text", description);
  }

  static ObjectNode expression(String description) {
    return ref("expression", description);
  }

  static ObjectNode duration(String description) {
    return ref("duration", description);
  }

  static ObjectNode flag(String description) {
    return ref("boolean", description);
  }

  static ObjectNode number(String description) {
    return ref("number", description);
  }

  static ObjectNode integer(long least, long most, String description) {
    ObjectNode integer = NODES.objectNode();
    integer.put("type", "integer");
    integer.put("minimum", least);
    integer.put("maximum", most);
    String range =
        most >= Integer.MAX_VALUE
            ? "a whole number from " + least
            : "a whole number from " + least + " to " + most;
    return orParameter(integer, range, description);
  }

  static ObjectNode enumeration(List<String> values, String description) {
    return orParameter(
        words(values.toArray(String[]::new)), "one of " + String.join(", ", values), description);
  }

  static ObjectNode words(String... values) {
    ObjectNode words = NODES.objectNode();
    words.set("enum", array(values));
    return words;
  }

  private static ObjectNode orParameter(ObjectNode schema, String title, String description) {
    return either(title, description, schema, ref("parameter", "A parameter."));
  }

  static ObjectNode either(String title, String description, ObjectNode... alternatives) {
    ObjectNode either = NODES.objectNode();
    either.put("title", title);
    either.put("description", description);
    ArrayNode anyOf = either.putArray("anyOf");
    for (ObjectNode alternative : alternatives) {
      anyOf.add(alternative);
    }
    return either;
  }

  static ObjectNode mapOf(ObjectNode values, String title, String description) {
    ObjectNode map = NODES.objectNode();
    map.put("type", "object");
    map.put("title", title);
    map.put("description", description);
    map.set("additionalProperties", values);
    return map;
  }

  /** A text, or a list of texts. */
  static ObjectNode oneOrMore(String description) {
    return ref("texts", description);
  }

  /** What several places share. */
  static void defineLeaves(ObjectNode definitions) {
    ObjectNode text = definitions.putObject("text");
    text.put("title", "a text");
    text.set("type", array("string", "number", "boolean"));
    ObjectNode texts = definitions.putObject("texts");
    texts.put("title", "a text or a list of texts");
    texts.set("type", array("string", "number", "boolean", "array"));
    texts.set("items", ref("text", "One of them."));
    ObjectNode expression = definitions.putObject("expression");
    expression.put("title", "an expression");
    expression.set("type", array("string", "number", "boolean"));
    ObjectNode parameter = definitions.putObject("parameter");
    parameter.put("title", "a parameter, ${name} or ${name:default}");
    parameter.put("type", "string");
    parameter.put("pattern", PARAMETER);
    ObjectNode duration = definitions.putObject("duration");
    duration.put("title", "a duration: 500ms, 10s, 5m, 1h, 2d or ISO-8601 (PT1M30S)");
    duration.set("type", array("string", "integer"));
    duration.put(
        "pattern", "^([0-9]+ *(ns|us|ms|s|m|min|h|d)|0|P.*[0-9].*|.*" + PARAMETER + ".*)$");
    duration.put("maximum", 0);
    duration.put("minimum", 0);
    ObjectNode size = definitions.putObject("size");
    size.put("title", "a size: 64kb, 16mb, 1gb or a number of bytes");
    size.set("type", array("string", "integer"));
    size.put("pattern", "^([0-9]+ *([kmgKMG]i?)?[bB]?|.*" + PARAMETER + ".*)$");
    size.put("minimum", 0);
    ObjectNode type = definitions.putObject("type");
    type.put(
        "title",
        "a type: boolean, long, double, decimal(p,s), string, bytes, date, timestamp,"
            + " timestamp_tz or nested");
    type.put("type", "string");
    ObjectNode offset = definitions.putObject("offset");
    offset.put("title", "a duration: 500ms, 10s, 5m, 1h, 2d, or one with a minus sign");
    offset.set("type", array("string", "integer"));
    offset.put("pattern", "^-?[0-9P].*|.*" + PARAMETER + ".*$");
    offset.put("maximum", 0);
    offset.put("minimum", 0);
    definitions.set("boolean", leaf("boolean", "(true|false)", "true or false"));
    definitions.set("integer", leaf("integer", "[-+]?[0-9][0-9_]*", "a whole number"));
    definitions.set("number", leaf("number", "[-+]?[0-9.][-+0-9.eE]*", "a number"));
    ObjectNode list = definitions.putObject("list");
    list.put("title", "a list, or a text with commas");
    list.set("type", array("string", "number", "boolean", "array"));
    ObjectNode map = definitions.putObject("map");
    map.put("title", "names and values");
    map.set("type", array("string", "object"));
  }

  /** A value of a JSON type, or a text that says the same. */
  private static ObjectNode leaf(String jsonType, String asText, String title) {
    ObjectNode leaf = NODES.objectNode();
    leaf.put("title", title);
    leaf.set("type", array(jsonType, "string"));
    leaf.put("pattern", "^" + asText + "$|" + PARAMETER);
    return leaf;
  }

  static ObjectNode option(OptionSpec option) {
    String description =
        option.defaultValue() == null
            ? option.doc()
            : option.doc() + " Default: " + option.defaultValue();
    if (!option.allowed().isEmpty()) {
      return enumeration(option.allowed(), description);
    }
    return ref(
        switch (option.type()) {
          case STRING, PATH -> "text";
          case BOOLEAN -> "boolean";
          case LONG -> "integer";
          case DOUBLE -> "number";
          case DURATION -> "duration";
          case SIZE -> "size";
          case LIST -> "list";
          case MAP -> "map";
        },
        description);
  }
}
