package io.fluxcore.infrastructure.sql.catalogue;

import io.fluxcore.domain.code.JavaTypes;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.type.SqlTypeName;

/** The types of SQL that Java types of functions are. */
final class JavaSqlTypes {
  private JavaSqlTypes() {}

  /** Nullable, but for the primitive ones. */
  static RelDataType of(Type type, RelDataTypeFactory factory) {
    Class<?> raw = JavaTypes.raw(type);
    return factory.createTypeWithNullability(plain(type, raw, factory), !raw.isPrimitive());
  }

  private static RelDataType plain(Type type, Class<?> raw, RelDataTypeFactory factory) {
    if (raw == byte.class || raw == Byte.class) {
      return factory.createSqlType(SqlTypeName.TINYINT);
    }
    if (raw == short.class || raw == Short.class) {
      return factory.createSqlType(SqlTypeName.SMALLINT);
    }
    if (raw == int.class || raw == Integer.class) {
      return factory.createSqlType(SqlTypeName.INTEGER);
    }
    if (raw == float.class || raw == Float.class) {
      return factory.createSqlType(SqlTypeName.FLOAT);
    }
    List<Type> elements = JavaTypes.elementTypes(type);
    if (raw == Map.class && elements.size() == 2) {
      return factory.createMapType(of(elements.get(0), factory), of(elements.get(1), factory));
    }
    if (elements.size() == 1) {
      return factory.createArrayType(of(elements.get(0), factory), -1);
    }
    if (isRow(type)) {
      RelDataTypeFactory.Builder fields = factory.builder();
      JavaTypes.parts(raw).forEach((name, of) -> fields.add(name, of(of, factory)));
      return fields.build();
    }
    return SqlTypes.of(JavaTypes.dataType(type), factory);
  }

  /** Whether values of the type have named parts. */
  static boolean isRow(Type type) {
    Class<?> raw = JavaTypes.raw(type);
    return raw.isRecord()
        || !(raw.isPrimitive() || raw.isArray() || raw.getName().startsWith("java."));
  }
}
