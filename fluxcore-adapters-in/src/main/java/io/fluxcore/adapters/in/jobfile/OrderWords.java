package io.fluxcore.adapters.in.jobfile;

import static io.fluxcore.adapters.in.jobfile.SchemaParts.integer;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.named;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.object;

import io.fluxcore.adapters.in.jobfile.text.TextNode;
import io.fluxcore.adapters.in.jobfile.text.TextNode.Mapping;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.rank.WholeOrder;
import io.fluxcore.domain.row.SortField;
import io.fluxcore.domain.topology.OrderConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** How job files write an order of all rows. */
final class OrderWords implements OperatorWords<OrderConfig> {
  private static final String BY = "by";
  private static final String FROM = "from";
  private static final String MAX_ROWS = "maxRows";

  @Override
  public String word() {
    return "order";
  }

  @Override
  public Class<OrderConfig> type() {
    return OrderConfig.class;
  }

  @Override
  public ObjectNode schema() {
    ObjectNode words =
        object(
            named(
                BY,
                SchemaParts.oneOrMore(
                    "Fields by which rows are put in order, each with ` desc` behind it where"
                        + " larger values come first, and ` nulls first` or ` nulls last` behind"
                        + " that. As they came if absent.")),
            named(FROM, integer(1, Integer.MAX_VALUE, "The first row that is given; 1.")),
            named(
                MAX_ROWS,
                integer(
                    1,
                    Integer.MAX_VALUE,
                    "Rows that are kept; " + WholeOrder.DEFAULT_MAX_ROWS + ".")));
    words.put("description", "All rows of an input that ends, in an order, when it has ended.");
    return words;
  }

  @Override
  public OrderConfig read(TextNode node, Values values, @Nullable ErrorPolicy errors) {
    Mapping settings = Values.mapping(node);
    TextNode by = settings.get(BY);
    return new OrderConfig(
        by == null ? List.of() : Values.texts(by).stream().map(SortField::parse).toList(),
        Values.integer(settings, FROM, 1),
        Values.integer(settings, MAX_ROWS, (int) WholeOrder.DEFAULT_MAX_ROWS),
        errors);
  }

  @Override
  public Object write(OrderConfig config) {
    Map<String, Object> words = new LinkedHashMap<>();
    JobFileWriter.putUnless(
        words, BY, config.orderBy().stream().map(SortField::toString).toList(), List.of());
    JobFileWriter.putUnless(words, FROM, config.from(), 1L);
    JobFileWriter.putUnless(words, MAX_ROWS, config.maxRows(), WholeOrder.DEFAULT_MAX_ROWS);
    return words;
  }
}
