package io.fluxcore.infrastructure.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.topology.NodeConfig;
import io.fluxcore.domain.topology.TopologyNode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a join with what a table holds now becomes, by what it is joined on. */
class TableJoinsTest {
  private static final String TABLES =
      """
      CREATE TABLE orders (item STRING, quantity INT)
        WITH ('connector' = 'kafka', 'topic' = 'orders');
      CREATE TABLE prices (item STRING, `from` INT, price INT, id STRING,
        PRIMARY KEY (item) NOT ENFORCED) WITH ('connector' = 'kafka', 'topic' = 'prices');
      CREATE TABLE offers (item STRING, price INT)
        WITH ('connector' = 'kafka', 'topic' = 'offers');
      """;

  private static String join(String text) {
    return LastQuery.of(TABLES + text).topology().nodes().stream()
        .map(TopologyNode::config)
        .map(NodeConfig::describe)
        .filter(described -> described.contains(" join, "))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "LEFT JOIN prices FOR SYSTEM_TIME AS OF PROCTIME() AS p ON o.item = p.item"
            + "|left join, table, on item = item",
        "JOIN prices FOR SYSTEM_TIME AS OF PROCTIME() AS p ON o.item = p.id"
            + "|inner join, table of all rows, on item = id",
        "JOIN prices FOR SYSTEM_TIME AS OF PROCTIME() AS p ON o.item = p.item AND p.`from` ="
            + " o.quantity|inner join, table of all rows, on item = item, quantity = from",
        "JOIN offers FOR SYSTEM_TIME AS OF PROCTIME() AS p ON o.item = p.item"
            + "|inner join, table of all rows, on item = item",
        "LEFT JOIN prices FOR SYSTEM_TIME AS OF PROCTIME() AS p ON o.item = p.item AND o.quantity"
            + " > p.`from`|left join, table, on item = item and (l_quantity > r_from)",
        "JOIN offers FOR SYSTEM_TIME AS OF PROCTIME() AS p ON o.quantity > p.price"
            + "|inner join, table of all rows, on f2 = f2 and (l_quantity > r_price)",
      })
  void tableHasAllRows_unlessItIsJoinedByItsPrimaryKey(String join, String described) {
    assertThat(join("SELECT o.item, p.price FROM orders o " + join)).isEqualTo(described);
  }
}
