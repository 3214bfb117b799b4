package peers.flink;

import io.fluxcore.benchmarks.peer.ChangeSum;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import peers.core.Cfg;
import peers.core.Meter;

/**
 * The queries whose results are changelogs in Flink SQL, as it comes or with mini-batches
 * ({@code -Dminibatch=}milliseconds, of at most 5,000 rows, which is what Flink's documentation
 * suggests). Without watermarks, which these queries do not need.
 */
public final class FlinkChangelogMain {
  private FlinkChangelogMain() {}

  public static void main(String[] args) throws Exception {
    StreamTableEnvironment tables = StreamTableEnvironment.create(FlinkEnv.make());
    long miniBatch = Long.getLong("minibatch", 0);
    if (miniBatch > 0) {
      tables.getConfig().set("table.exec.mini-batch.enabled", "true");
      tables.getConfig().set("table.exec.mini-batch.allow-latency", miniBatch + "ms");
      tables.getConfig().set("table.exec.mini-batch.size", "5000");
    }
    tables.executeSql("CREATE TABLE events (" + Rows.COLUMNS + ") WITH ('connector'='peergen')");
    tables.executeSql(
        "CREATE VIEW bid AS SELECT b_auction AS auction, b_bidder AS bidder, b_price AS price"
            + " FROM events WHERE event_type = 2");
    tables.executeSql(
        "CREATE VIEW auction AS SELECT a_id AS id, a_seller AS seller, a_reserve AS reserve"
            + " FROM events WHERE event_type = 1");
    tables.executeSql(
        "CREATE VIEW person AS SELECT p_id AS id, p_name AS name FROM events"
            + " WHERE event_type = 0");
    String columns;
    String query;
    switch (Cfg.QUERY) {
      case "N" -> {
        columns = "auction BIGINT, bidder BIGINT, price BIGINT";
        query =
            "SELECT auction, bidder, price FROM (SELECT *, ROW_NUMBER() OVER"
                + " (PARTITION BY auction ORDER BY price DESC) AS n FROM bid) WHERE n <= 10";
      }
      case "I" -> {
        columns = "person BIGINT, name VARCHAR, auction BIGINT, reserve BIGINT";
        query =
            "SELECT P.id, P.name, A.id, A.reserve FROM person P JOIN auction A"
                + " ON P.id = A.seller";
      }
      case "IB" -> {
        columns = "auction BIGINT, bidder BIGINT, price BIGINT, seller BIGINT, reserve BIGINT";
        query =
            "SELECT B.auction, B.bidder, B.price, A.seller, A.reserve FROM bid B"
                + " JOIN auction A ON B.auction = A.id";
      }
      default -> throw new IllegalArgumentException("not a query of changelogs: " + Cfg.QUERY);
    }
    tables.executeSql("CREATE TABLE res (" + columns + ") WITH ('connector'='peerchanges')");
    if (Boolean.getBoolean("explain")) {
      System.err.println(tables.explainSql("INSERT INTO res " + query));
    }
    Meter.begin();
    tables.executeSql("INSERT INTO res " + query).await();
    Meter.end(miniBatch > 0 ? "flinksql-mb" : "flinksql", ChangeSum.all());
    System.exit(0);
  }
}
