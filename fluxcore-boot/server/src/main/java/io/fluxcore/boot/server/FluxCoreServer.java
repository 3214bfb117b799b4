package io.fluxcore.boot.server;

import io.fluxcore.adapters.in.cli.LocalServer;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A server in this process. Its configuration is {@code fluxcore-server.yaml} of its own jar, the
 * file of that name in its data directory, system properties, the environment, and what the command
 * line says, the later before the earlier.
 */
public final class FluxCoreServer implements LocalServer {
  private final ConfigurableApplicationContext context;
  private final DataDirectory data;
  private final URI url;
  private final boolean open;

  private FluxCoreServer(
      ConfigurableApplicationContext context, DataDirectory data, URI url, boolean open) {
    this.context = context;
    this.data = data;
    this.url = url;
    this.open = open;
  }

  /**
   * Starts a server.
   *
   * @throws FluxCoreException if the port is taken, the data directory is in use, the configuration
   *     cannot be, or other machines could reach it and nobody said that they may
   */
  public static FluxCoreServer start(Settings settings) {
    DataDirectory data = DataDirectory.open(settings.data());
    try {
      SpringApplication application = new SpringApplication(ServerApplication.class);
      application.setBannerMode(Banner.Mode.OFF);
      application.setLogStartupInfo(false);
      application.addInitializers(c -> Exposure.check(c.getEnvironment()));
      ConfigurableApplicationContext context =
          application.run(arguments(settings, data).toArray(String[]::new));
      boolean open = Exposure.check(context.getEnvironment());
      return new FluxCoreServer(context, data, url(context), open);
    } catch (RuntimeException e) {
      data.close();
      throw known(e);
    }
  }

  private static List<String> arguments(Settings settings, DataDirectory data) {
    List<String> arguments = new ArrayList<>();
    arguments.add("--spring.config.name=fluxcore-server");
    arguments.add("--spring.config.location=classpath:/,optional:file:" + data.path() + "/");
    arguments.add("--fluxcore.server.data=" + data.path());
    arguments.add("--fluxcore.store.server=" + data.serverName());
    if (settings.port() != null) {
      arguments.add("--server.port=" + settings.port());
    }
    if (settings.address() != null) {
      arguments.add("--server.address=" + settings.address());
    }
    if (settings.insecure()) {
      arguments.add("--" + Exposure.INSECURE + "=true");
    }
    if (settings.demo()) {
      arguments.add("--" + DemoJobs.PROPERTY + "=true");
    }
    return arguments;
  }

  private static URI url(ConfigurableApplicationContext context) {
    int port =
        Objects.requireNonNull(((WebServerApplicationContext) context).getWebServer()).getPort();
    String address = context.getEnvironment().getProperty("server.address", "127.0.0.1");
    return URI.create("http://" + host(address) + ":" + port);
  }

  /** As a URL writes it; of a server that listens everywhere, this machine's own. */
  private static String host(String address) {
    try {
      if (InetAddress.getByName(address).isAnyLocalAddress()) {
        return "127.0.0.1";
      }
    } catch (UnknownHostException e) {
      return address;
    }
    return address.contains(":") ? "[" + address + "]" : address;
  }

  /** What a person can mend, in words for a person. */
  private static RuntimeException known(RuntimeException e) {
    PortInUseException taken = cause(e, PortInUseException.class);
    if (taken != null) {
      return new FluxCoreException(
          ErrorCategory.STATE_CONFLICT,
          List.of(
              Diagnostic.error(
                  "FLX-SERVER-0002",
                  Place.of("port"),
                  "port " + taken.getPort() + " is taken by another program",
                  "stop it, or name another port: --port 0 takes any that is free")),
          e);
    }
    FluxCoreException ours = cause(e, FluxCoreException.class);
    return ours == null ? e : ours;
  }

  private static <T extends Throwable> @Nullable T cause(Throwable failure, Class<T> type) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (type.isInstance(at)) {
        return type.cast(at);
      }
    }
    return null;
  }

  @Override
  public URI url() {
    return url;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() {
    try {
      context.close();
    } finally {
      data.close();
    }
  }
}
