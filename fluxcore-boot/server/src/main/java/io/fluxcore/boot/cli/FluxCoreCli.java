package io.fluxcore.boot.cli;

import io.fluxcore.adapters.in.cli.FluxCoreCommandLine;
import io.fluxcore.adapters.in.cli.Terminal;
import io.fluxcore.boot.server.FluxCoreServer;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * The program {@code fluxcore}. Its script says by system properties what only a shell can know:
 * {@code fluxcore.terminal} is true when standard error is a terminal, {@code fluxcore.keyboard}
 * when standard input is one.
 */
public final class FluxCoreCli {
  private FluxCoreCli() {}

  /** Runs the command line and ends the process with its exit code. */
  public static void main(String[] arguments) {
    boolean terminal = Boolean.getBoolean("fluxcore.terminal");
    String noColour = System.getenv("NO_COLOR");
    OutputStream out = new FileOutputStream(FileDescriptor.out);
    PrintStream err =
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    FluxCoreCommandLine program =
        new FluxCoreCommandLine(
            new Terminal(
                out,
                err,
                terminal,
                terminal && Objects.requireNonNullElse(noColour, "").isEmpty(),
                Boolean.getBoolean("fluxcore.keyboard")
                    ? new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()))
                    : null),
            Signals::handle,
            EmbeddedEngine::new,
            settings -> FluxCoreServer.start(settings),
            version());
    int code = program.execute(arguments);
    err.flush();
    // Not System.exit: nothing is left to be done at the end, and a blocked thread cannot hold it
    // up.
    Runtime.getRuntime().halt(code);
  }

  private static String version() {
    String version = FluxCoreCli.class.getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }
}
