import org.codelibs.opensearch.runner.OpenSearchRunner;

/**
 * A node of its own. Run from its source by {@code java}: home, configuration, data, port of HTTP, port of transport, and
 * settings as {@code name=value}.
 */
public class Launcher {
  public static void main(String[] args) throws Exception {
    OpenSearchRunner runner = new OpenSearchRunner();
    runner.onBuild(
        (number, settings) -> {
          settings.put("http.port", args[3]);
          settings.put("transport.port", args[4]);
          settings.put("network.host", "127.0.0.1");
          settings.putList("node.roles", "cluster_manager", "data", "ingest");
          settings.put("cluster.routing.allocation.disk.threshold_enabled", false);
          for (int i = 5; i < args.length; i++) {
            String[] setting = args[i].split("=", 2);
            settings.put(setting[0], setting[1]);
          }
        });
    runner.build(
        OpenSearchRunner.newConfigs()
            .basePath(args[2])
            .clusterName("fluxcore-test")
            .numOfNode(1)
            .useLogger());
    Thread.currentThread().join();
  }
}
