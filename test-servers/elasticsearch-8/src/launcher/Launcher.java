import java.nio.file.Path;
import java.util.Map;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.node.InternalSettingsPreparer;
import org.elasticsearch.node.Node;
import org.elasticsearch.plugins.PluginsLoader;

/**
 * A node of its own, without the launcher of the distribution, which is not published. Run from its source by {@code
 * java}: home, configuration, data, port of HTTP, port of transport, and settings as {@code name=value}.
 */
public class Launcher {
  public static void main(String[] args) throws Exception {
    Path config = Path.of(args[1]);
    Settings.Builder builder =
        Settings.builder()
            .put("path.home", args[0])
            .put("path.data", args[2])
            .put("path.logs", args[2] + "-logs")
            .put("cluster.name", "fluxcore-test")
            .put("node.name", "n1")
            .put("http.port", args[3])
            .put("transport.port", args[4])
            .put("network.host", "127.0.0.1")
            .put("discovery.type", "single-node")
            .put("cluster.routing.allocation.disk.threshold_enabled", false);
    for (int i = 5; i < args.length; i++) {
      String[] setting = args[i].split("=", 2);
      builder.put(setting[0], setting[1]);
    }
    Settings settings = builder.build();
    LogConfigurator.registerErrorListener();
    LogConfigurator.setNodeName("n1");
    LogConfigurator.setClusterName("fluxcore-test");
    LogConfigurator.configure(new Environment(settings, config), true);
    Environment environment =
        InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), config, () -> "n1");
    PluginsLoader plugins =
        PluginsLoader.createPluginsLoader(
            PluginsLoader.loadModulesBundles(environment.modulesDir()),
            PluginsLoader.loadPluginsBundles(environment.pluginsDir()),
            Map.of());
    new Node(environment, plugins).start();
    Thread.currentThread().join();
  }
}
