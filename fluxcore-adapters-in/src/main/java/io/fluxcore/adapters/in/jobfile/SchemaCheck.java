package io.fluxcore.adapters.in.jobfile;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.NodePath;
import io.fluxcore.adapters.in.jobfile.text.TextNode;
import io.fluxcore.adapters.in.jobfile.text.TextNode.Listing;
import io.fluxcore.adapters.in.jobfile.text.TextNode.Mapping;
import io.fluxcore.adapters.in.jobfile.text.TextNode.Member;
import io.fluxcore.adapters.in.jobfile.text.TextNode.Scalar;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.NearestName;
import io.fluxcore.domain.error.Place;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Checks a tree against the schema, and says what is wrong in words a person can use: the
 * validator's findings are only taken as where and which keyword. Of the findings of an {@code
 * anyOf} those of the alternative that was meant are told, or else the words for all of them.
 */
final class SchemaCheck {
  private static final String UNKNOWN_WORD = "FLX-JOBFILE-0020";
  private static final String MISSING_WORD = "FLX-JOBFILE-0021";
  private static final String WRONG_VALUE = "FLX-JOBFILE-0022";
  private static final String NODE_KIND = "FLX-JOBFILE-0023";

  private final JobFileSchema schema;
  private final Schema validator;

  SchemaCheck(JobFileSchema schema) {
    this.schema = schema;
    this.validator =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(schema.root());
  }

  /** A finding of the validator. */
  private record Finding(List<Object> path, List<String> schemaPath, String keyword, Error error) {
    static Finding of(Error error) {
      return new Finding(
          elements(error.getInstanceLocation()),
          elements(error.getSchemaLocation().getFragment()).stream().map(String::valueOf).toList(),
          String.valueOf(error.getKeyword()),
          error);
    }

    private static List<Object> elements(NodePath path) {
      List<Object> elements = new ArrayList<>();
      for (int i = 0; i < path.getNameCount(); i++) {
        elements.add(path.getElement(i));
      }
      return elements;
    }

    /** Whether it is about how many words there are, which a misspelt one explains. */
    boolean isOfNumberOfWords() {
      return (keyword.equals("minProperties") || keyword.equals("maxProperties"))
          || schemaPath.contains("oneOf");
    }

    /** Whether it is about a part, which only an alternative of the right type looks at. */
    boolean isInside(Finding other) {
      int depth = other.path.size();
      return path.size() > depth && path.subList(0, depth).equals(other.path);
    }

    /** The schema of the alternatives that this finding is about, or null. */
    @Nullable List<String> anyOf() {
      int index = schemaPath.lastIndexOf("anyOf");
      return index < 0 ? null : schemaPath.subList(0, index);
    }
  }

  /** What is wrong, in the order of the text; empty if nothing is. */
  List<Diagnostic> check(TextNode root) {
    List<Finding> findings = validator.validate(toJson(root)).stream().map(Finding::of).toList();
    Map<Place, Diagnostic> told = new LinkedHashMap<>();
    Set<List<Object>> misspelt = new HashSet<>();
    for (Finding finding : findings) {
      Diagnostic diagnostic = tell(root, finding, findings);
      if (diagnostic != null && diagnostic.code().equals(UNKNOWN_WORD)) {
        misspelt.add(finding.path());
      }
    }
    for (Finding finding : findings) {
      Diagnostic diagnostic = tell(root, finding, findings);
      boolean follows = finding.isOfNumberOfWords() && misspelt.contains(finding.path());
      if (diagnostic != null && !follows) {
        told.merge(diagnostic.place(), diagnostic, SchemaCheck::moreTelling);
      }
    }
    Comparator<Place> inText = Comparator.comparing(Place::line);
    return told.values().stream()
        .sorted(Comparator.comparing(Diagnostic::place, inText.thenComparing(Place::column)))
        .toList();
  }

  private static Diagnostic moreTelling(Diagnostic first, Diagnostic second) {
    return first.code().compareTo(second.code()) <= 0 ? first : second;
  }

  private @Nullable Diagnostic tell(TextNode root, Finding finding, List<Finding> all) {
    TextNode node = root.walk(finding.path());
    if (finding.schemaPath().contains("oneOf")) {
      return node instanceof Mapping mapping ? nodeKind(mapping, finding.path()) : null;
    }
    boolean isOfKind = finding.keyword().equals("type") || finding.keyword().equals("enum");
    if (isOfKind && all.stream().anyMatch(f -> f.isInside(finding))) {
      return null; // another alternative has its type
    }
    List<String> anyOf = finding.anyOf();
    if (anyOf != null && !isTheOneMeant(finding, anyOf, all)) {
      boolean other =
          all.stream().anyMatch(f -> anyOf.equals(f.anyOf()) && isTheOneMeant(f, anyOf, all));
      return other ? null : wrongValue(node, finding.path(), titleAt(anyOf), values(anyOf));
    }
    return switch (finding.keyword()) {
      case "additionalProperties", "unevaluatedProperties" -> unknownWord(node, finding);
      case "required" -> missingWord(node, finding);
      default -> wrongValue(node, finding.path(), titleOf(finding.schemaPath()), enumAt(finding));
    };
  }

  /** Whether the alternative of a finding has the right type, so that its other findings matter. */
  private static boolean isTheOneMeant(Finding finding, List<String> anyOf, List<Finding> all) {
    int depth =
        all.stream()
            .filter(f -> anyOf.equals(f.anyOf()))
            .mapToInt(f -> f.path().size())
            .min()
            .orElse(0);
    boolean structural =
        Set.of("additionalProperties", "required", "minProperties", "maxProperties")
            .contains(finding.keyword());
    return finding.path().size() > depth || structural;
  }

  private static Diagnostic nodeKind(Mapping node, List<Object> path) {
    List<String> kinds =
        node.members().keySet().stream().filter(JobFileSchema.NODE_KINDS::contains).toList();
    String known = String.join(", ", JobFileSchema.NODE_KINDS);
    if (kinds.size() > 1) {
      Member second = node.members().get(kinds.get(1));
      return Diagnostic.error(
          NODE_KIND,
          place(second == null ? node.place() : second.place(), path),
          "a node does one thing, and this one has " + String.join(" and ", kinds),
          "make a node of each");
    }
    return Diagnostic.error(
        NODE_KIND,
        place(node.place(), path),
        "the node does not say what it does",
        "give it one of " + known);
  }

  private @Nullable Diagnostic unknownWord(TextNode node, Finding finding) {
    String word = finding.error().getProperty();
    if (!(node instanceof Mapping mapping) || word == null) {
      return null;
    }
    Set<String> known = wordsAt(finding.schemaPath(), mapping);
    Member member = mapping.members().get(word);
    boolean connectorUnknown =
        finding.keyword().equals("unevaluatedProperties")
            && connectorCase(finding.schemaPath(), mapping) == null;
    if (member == null || known.contains(word) || connectorUnknown) {
      return null;
    }
    return Diagnostic.error(
        UNKNOWN_WORD,
        place(member.place(), finding.path()),
        "'" + word + "' is not known here",
        NearestName.remedy(word, known, "known are"));
  }

  private @Nullable Diagnostic missingWord(TextNode node, Finding finding) {
    String word = finding.error().getProperty();
    if (word == null) {
      return null;
    }
    String described = describe(finding.schemaPath(), word);
    return Diagnostic.error(
        MISSING_WORD,
        place(node.place(), finding.path()),
        "'" + word + "' is missing",
        described.isEmpty() ? "give it" : "give it: " + described);
  }

  private static Diagnostic wrongValue(
      TextNode node, List<Object> path, String wanted, Set<String> allowed) {
    String nearest =
        node instanceof Scalar scalar && !allowed.isEmpty()
            ? NearestName.of(scalar.text(), allowed)
            : null;
    return Diagnostic.error(
        WRONG_VALUE,
        place(node.place(), path),
        found(node) + " is not " + wanted,
        nearest == null ? "" : "did you mean '" + nearest + "'?");
  }

  private static String found(TextNode node) {
    if (node instanceof Mapping) {
      return "a mapping";
    }
    if (node instanceof Listing listing) {
      return listing.items().isEmpty() ? "an empty list" : "a list";
    }
    Scalar scalar = (Scalar) node;
    return scalar.value() == null ? "nothing" : "'" + scalar.text() + "'";
  }

  private static Place place(Place at, List<Object> path) {
    StringBuilder text = new StringBuilder();
    for (Object step : path) {
      if (step instanceof Integer) {
        text.append('[').append(step).append(']');
      } else {
        text.append(text.length() == 0 ? "" : ".").append(step);
      }
    }
    return new Place(text.toString(), at.line(), at.column());
  }

  // What the schema says.

  private JsonNode at(Collection<String> schemaPath) {
    JsonNode node = schema.root();
    for (String step : schemaPath) {
      node = node instanceof ArrayNode ? node.path(Integer.parseInt(step)) : node.path(step);
    }
    return node;
  }

  private String titleAt(List<String> schemaPath) {
    return at(schemaPath).path("title").asString("what may stand here");
  }

  /** The title of the innermost schema around a keyword that has one. */
  private String titleOf(List<String> schemaPath) {
    for (int length = schemaPath.size() - 1; length >= 0; length--) {
      JsonNode title = at(schemaPath.subList(0, length)).path("title");
      if (title.isString() && length > 0) {
        return title.asString();
      }
    }
    JsonNode type = at(schemaPath);
    return type.asString("").equals("object") ? "a mapping of names and values" : "allowed here";
  }

  private Set<String> enumAt(Finding finding) {
    Set<String> values = new LinkedHashSet<>();
    if (finding.keyword().equals("enum")) {
      at(finding.schemaPath()).forEach(value -> values.add(value.asString("")));
    }
    return values;
  }

  private Set<String> values(List<String> anyOf) {
    Set<String> values = new LinkedHashSet<>();
    for (JsonNode alternative : at(anyOf).path("anyOf")) {
      alternative.path("enum").forEach(value -> values.add(value.asString("")));
    }
    return values;
  }

  /** The words that the schema around a keyword knows for a mapping. */
  private Set<String> wordsAt(List<String> schemaPath, Mapping mapping) {
    JsonNode holder = at(schemaPath.subList(0, schemaPath.size() - 1));
    Set<String> words = new LinkedHashSet<>(names(holder));
    JsonNode own = connectorCase(schemaPath, mapping);
    if (own != null) {
      words.addAll(names(own));
    }
    return words;
  }

  private static Collection<String> names(JsonNode holder) {
    return holder.path("properties") instanceof ObjectNode properties
        ? properties.propertyNames()
        : List.of();
  }

  /** What the schema says of the connector that a mapping names, or null. */
  private @Nullable JsonNode connectorCase(List<String> schemaPath, Mapping mapping) {
    JsonNode holder = at(schemaPath.subList(0, schemaPath.size() - 1));
    String name = mapping.get("connector") instanceof Scalar scalar ? scalar.text() : "";
    for (JsonNode one : holder.path("allOf")) {
      if (one.at("/if/properties/connector/const").asString("").equals(name)) {
        return one.path("then");
      }
    }
    return null;
  }

  private String describe(List<String> schemaPath, String word) {
    JsonNode holder = at(schemaPath.subList(0, schemaPath.size() - 1));
    JsonNode property = holder.path("properties").path(word);
    JsonNode description = property.path("description");
    return description.isMissingNode()
        ? property.path("title").asString("")
        : description.asString("");
  }

  private static JsonNode toJson(TextNode node) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    if (node instanceof Mapping mapping) {
      ObjectNode object = nodes.objectNode();
      mapping.members().forEach((key, member) -> object.set(key, toJson(member.value())));
      return object;
    }
    if (node instanceof Listing listing) {
      ArrayNode array = nodes.arrayNode();
      listing.items().forEach(item -> array.add(toJson(item)));
      return array;
    }
    Object value = ((Scalar) node).value();
    if (value instanceof Long number) {
      return nodes.numberNode(number);
    }
    if (value instanceof Double number) {
      return nodes.numberNode(number);
    }
    if (value instanceof Boolean flag) {
      return nodes.booleanNode(flag);
    }
    return value == null ? nodes.nullNode() : nodes.stringNode(value.toString());
  }
}
