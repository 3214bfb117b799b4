package io.fluxcore.domain.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SchemaTest {
  private static final Schema SCHEMA =
      Schema.builder().field("id", DataType.LONG).field("ID", DataType.STRING).build();

  @Test
  void names_areCaseSensitive_inTheTurkishLocaleToo() {
    assertThat(SCHEMA.ordinal("id")).isZero();
    assertThat(SCHEMA.ordinal("ID")).isEqualTo(1);
    assertThat(SCHEMA.indexOf("Id")).isEqualTo(-1);
    assertThat(SCHEMA.find("İd")).isNull();
    assertThatThrownBy(() -> SCHEMA.ordinal("Id")).hasMessageContaining("fields are [id, ID]");
  }

  @Test
  void openAndClosed_differ() {
    assertThat(SCHEMA.opened()).isNotEqualTo(SCHEMA);
    assertThat(SCHEMA.opened().closed()).isEqualTo(SCHEMA).hasSameHashCodeAs(SCHEMA);
    assertThat(SCHEMA.closed()).isSameAs(SCHEMA);
    assertThat(SCHEMA).hasToString("(id long, ID string)");
    assertThat(SCHEMA.opened()).hasToString("(id long, ID string, …)");
    assertThat(Schema.open()).hasToString("(…)");
    assertThat(Schema.builder().open().build().isOpen()).isTrue();
    assertThat(SCHEMA.opened().with(new Field("x", DataType.DATE)).isOpen()).isTrue();
  }

  @Test
  void badNames_areRefused() {
    assertThatThrownBy(() -> SCHEMA.with(new Field("id", DataType.DATE)))
        .hasMessageContaining("'id' is declared twice");
    assertThatThrownBy(() -> new Field(" ", DataType.LONG))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void types_areParsedAsTheyPrint() {
    for (DataType type :
        List.of(
            DataType.BOOLEAN,
            DataType.LONG,
            DataType.DOUBLE,
            DataType.STRING,
            DataType.BYTES,
            DataType.DATE,
            DataType.TIMESTAMP,
            DataType.TIMESTAMP_TZ,
            DataType.NESTED,
            DataType.decimal(38, 0),
            DataType.decimal(10, 10))) {
      assertThat(DataType.parse(type.toString())).isEqualTo(type);
      assertThat(DataType.parse(" " + type.toString().toUpperCase(java.util.Locale.ROOT)))
          .isEqualTo(type);
    }
    assertThat(DataType.parse("BIGINT")).isEqualTo(DataType.LONG);
    assertThat(DataType.parse("numeric(5)")).isEqualTo(DataType.decimal(5, 0));
    for (String wrong :
        List.of("", "lon", "decimal(", "decimal(a,b)", "decimal(39,0)", "long(1)")) {
      assertThatThrownBy(() -> DataType.parse(wrong))
          .as(wrong)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void impossibleTypes_areRefused() {
    for (int[] wrong : new int[][] {{0, 0}, {39, 0}, {5, 6}, {5, -1}}) {
      assertThatThrownBy(() -> DataType.decimal(wrong[0], wrong[1]))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> new DataType(DataType.Kind.LONG, 1, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new LongColumn(DataType.DOUBLE, 0, new long[0], null))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
