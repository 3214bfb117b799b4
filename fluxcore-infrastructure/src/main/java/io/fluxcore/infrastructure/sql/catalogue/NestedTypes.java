package io.fluxcore.infrastructure.sql.catalogue;

import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.SqlOperatorBinding;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/** What the nested results of functions hold, which only SQL knows. */
final class NestedTypes {
  private NestedTypes() {}

  /** Whether a function gives nested values of which more is known. */
  static boolean isKnown(String function) {
    return function.equals("array_max") || function.equals("array_min");
  }

  /** The type of a function's result, or null where nothing is known. */
  static @Nullable RelDataType of(String function, SqlOperatorBinding binding) {
    RelDataTypeFactory factory = binding.getTypeFactory();
    RelDataType text = factory.createTypeWithNullability(SqlTypes.text(factory), true);
    RelDataType type =
        switch (function) {
          case "array_append",
              "array_prepend",
              "array_concat",
              "array_distinct",
              "array_except",
              "array_intersect",
              "array_union",
              "array_remove",
              "array_reverse",
              "array_slice",
              "array_sort" ->
              kept(binding, SqlTypeName.ARRAY);
          case "map_union" -> kept(binding, SqlTypeName.MAP);
          case "array_max", "array_min" -> element(binding, 0);
          case "map_keys" -> list(key(binding), factory);
          case "map_values" -> list(value(binding), factory);
          case "map_entries" -> entries(key(binding), value(binding), factory);
          case "map_from_arrays" -> map(element(binding, 0), element(binding, 1), factory);
          case "sequence" -> list(factory.createSqlType(SqlTypeName.BIGINT), factory);
          case "split", "regexp_extract_all" -> list(text, factory);
          case "str_to_map" -> map(text, text, factory);
          default -> null;
        };
    return type == null ? null : factory.createTypeWithNullability(type, true);
  }

  private static @Nullable RelDataType kept(SqlOperatorBinding binding, SqlTypeName name) {
    RelDataType first = binding.getOperandType(0);
    return first.getSqlTypeName() == name ? first : null;
  }

  private static @Nullable RelDataType element(SqlOperatorBinding binding, int operand) {
    return binding.getOperandType(operand).getComponentType();
  }

  private static @Nullable RelDataType key(SqlOperatorBinding binding) {
    return binding.getOperandType(0).getKeyType();
  }

  private static @Nullable RelDataType value(SqlOperatorBinding binding) {
    return binding.getOperandType(0).getValueType();
  }

  private static @Nullable RelDataType list(
      @Nullable RelDataType element, RelDataTypeFactory factory) {
    return element == null ? null : factory.createArrayType(element, -1);
  }

  private static @Nullable RelDataType map(
      @Nullable RelDataType key, @Nullable RelDataType value, RelDataTypeFactory factory) {
    return key == null || value == null ? null : factory.createMapType(key, value);
  }

  private static @Nullable RelDataType entries(
      @Nullable RelDataType key, @Nullable RelDataType value, RelDataTypeFactory factory) {
    return key == null || value == null
        ? null
        : factory.createArrayType(
            factory.builder().add("key", key).add("value", value).build(), -1);
  }
}
