package io.fluxcore.infrastructure.sql.catalogue;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.type.SqlTypeFactoryImpl;

/** Makes the types of SQL. Texts are of any length and any characters. */
public final class StreamTypes {
  private StreamTypes() {}

  /** A new factory; types of different factories go together. */
  public static RelDataTypeFactory factory() {
    return new SqlTypeFactoryImpl(StreamTypeSystem.INSTANCE) {
      @Override
      public Charset getDefaultCharset() {
        return StandardCharsets.UTF_8;
      }
    };
  }

  /** STRING. */
  public static RelDataType text(RelDataTypeFactory factory) {
    return SqlTypes.text(factory);
  }
}
