package io.fluxcore.domain.topology;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.join.JoinFields;
import io.fluxcore.domain.join.JoinType;
import io.fluxcore.domain.join.LookupJoin;
import io.fluxcore.domain.join.LookupTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which rows and fields a join with a table outside has: what is equal, and what is wanted of the
 * table. The fields of a result are those of the row, and those of the table, whose names begin
 * with the right prefix.
 *
 * @param type inner or left
 * @param on fields of the row, and the fields of the table that they equal
 * @param schema the fields that are wanted of the table, with their types; null: none was declared
 */
record OutsideFields(
    JoinType type,
    Map<String, String> on,
    @Nullable Schema schema,
    String leftPrefix,
    String rightPrefix) {

  String describe() {
    List<String> equal = new ArrayList<>();
    on.forEach((left, right) -> equal.add(left + " = " + right));
    return "on "
        + String.join(", ", equal)
        + (schema == null ? "" : ", gets " + String.join(", ", schema.fieldNames()));
  }

  void check(NodeFindings findings) {
    if (on.isEmpty()) {
      findings.missing("on", "the fields that are equal: of the row, and of the table");
    }
    if (schema == null || schema.fields().isEmpty() || schema.isOpen()) {
      findings.missing("schema", "the fields that are wanted of the table, with their types");
    }
    if (leftPrefix.equals(rightPrefix)) {
      findings.error(
          "FLX-TOPO-0060",
          "rightPrefix",
          "the names of the row's and the table's fields begin with '" + rightPrefix + "'",
          "give prefixes that differ, such as " + JoinConfig.RIGHT_PREFIX);
    }
    if (type != JoinType.INNER && type != JoinType.LEFT) {
      findings.error(
          "FLX-TOPO-0061",
          "type",
          "a lookup join cannot be " + type + ": not all rows of the table are known",
          "use inner or left, or read the table as a stream of changes and join that");
    }
  }

  static void range(NodeFindings findings, String option, int value, int most) {
    if (value < 1 || value > most) {
      findings.error(
          "FLX-TOPO-0098", option, option + " is " + value, "give a value from 1 to " + most);
    }
  }

  static void length(
      NodeFindings findings,
      String option,
      Duration length,
      @Nullable Duration longest,
      boolean mayBeZero) {
    if (length.isNegative()
        || (length.toMillis() == 0 && !(mayBeZero && length.isZero()))
        || (longest != null && length.compareTo(longest) > 0)) {
      findings.error(
          "FLX-TOPO-0067",
          option,
          option + " is " + length,
          mayBeZero
              ? "give zero or a positive duration"
              : "give at least a millisecond" + (longest == null ? "" : ", and a day at most"));
    }
  }

  List<FieldUse> uses() {
    return on.keySet().stream().map(field -> FieldUse.of(field, DataType.STRING)).toList();
  }

  /** The fields of the row that are its key. */
  List<String> key() {
    return List.copyOf(on.keySet());
  }

  private boolean isOfTable(String field) {
    return field.startsWith(rightPrefix)
        && (rightPrefix.length() > leftPrefix.length() || !field.startsWith(leftPrefix));
  }

  @Nullable InputField origin(String field) {
    return isOfTable(field)
        ? null
        : new InputField(
            0, field.startsWith(leftPrefix) ? field.substring(leftPrefix.length()) : field);
  }

  String passedAs(String field) {
    return leftPrefix + field;
  }

  Map<String, Schema> outputs(Schema rows, NodeFindings findings) {
    Schema table = schema;
    if (table == null || !areKeysSound(rows, table, findings)) {
      return Map.of();
    }
    List<Field> fields = new ArrayList<>();
    rows.fields().forEach(f -> fields.add(new Field(leftPrefix + f.name(), f.type())));
    table.fields().forEach(f -> fields.add(new Field(rightPrefix + f.name(), f.type())));
    Set<String> names = new HashSet<>();
    for (Field field : fields) {
      if (!names.add(field.name())) {
        findings.error(
            "FLX-TOPO-0068",
            "rightPrefix",
            "two fields of its results would be named '" + field.name() + "'",
            "give another leftPrefix or rightPrefix, or rename the field before");
        return Map.of();
      }
    }
    return Map.of(NodeConfig.MAIN_PORT, Schema.of(fields));
  }

  /** Keys have a type, and that of the table's field where it is declared. */
  private boolean areKeysSound(Schema rows, Schema table, NodeFindings findings) {
    boolean sound = findings.key("on", key(), rows);
    sound &= findings.distinct("on", List.copyOf(on.values()));
    if (!sound) {
      return false;
    }
    for (Map.Entry<String, String> pair : on.entrySet()) {
      DataType ofRow = rows.type(rows.ordinal(pair.getKey()));
      int declared = table.indexOf(pair.getValue());
      if (declared >= 0 && !table.type(declared).equals(ofRow)) {
        findings.error(
            "FLX-TOPO-0069",
            "on",
            "'"
                + pair.getKey()
                + "' is "
                + ofRow
                + " and '"
                + pair.getValue()
                + "' of the table is "
                + table.type(declared),
            "cast the row's field before, by a map");
        sound = false;
      }
    }
    return sound;
  }

  /** The fields of results that are used, by where they come from. */
  JoinFields joined(Schema rows, Schema output) {
    Schema table = declared();
    List<JoinFields.Joined> joined = new ArrayList<>();
    for (Field field : output.fields()) {
      boolean isOfTable = isOfTable(field.name());
      String name = field.name().substring((isOfTable ? rightPrefix : leftPrefix).length());
      joined.add(
          new JoinFields.Joined(
              isOfTable ? JoinType.RIGHT_INPUT : JoinType.LEFT_INPUT,
              (isOfTable ? table : rows).ordinal(name),
              field.name()));
    }
    return new JoinFields(rows, table, joined, joined.size());
  }

  /** What is asked of the table for these results. */
  LookupTable asked(Schema rows, JoinFields joined, Duration timeout) {
    List<Field> fields = new ArrayList<>();
    on.forEach((field, name) -> fields.add(new Field(name, rows.type(rows.ordinal(field)))));
    return new LookupTable(Schema.of(fields), LookupJoin.asked(joined), timeout);
  }

  private Schema declared() {
    Schema table = schema;
    if (table == null) {
      throw new IllegalStateException("the fields of the table are not declared");
    }
    return table;
  }
}
