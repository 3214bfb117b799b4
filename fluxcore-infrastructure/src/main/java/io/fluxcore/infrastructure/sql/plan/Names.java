package io.fluxcore.infrastructure.sql.plan;

import java.util.List;
import org.apache.calcite.rel.RelRoot;

/** The names that a query gives its columns. */
final class Names {
  private Names() {}

  static List<String> of(RelRoot query) {
    return query.fields.stream().map(field -> field.getValue()).toList();
  }
}
