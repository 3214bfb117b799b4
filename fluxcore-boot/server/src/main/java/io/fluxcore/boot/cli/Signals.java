package io.fluxcore.boot.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Signals of the operating system. The JDK has them only in {@code sun.misc}, which every JDK since
 * 9 exports in {@code jdk.unsupported} but compilers warn of: hence by reflection. Where they are
 * not to be had, a signal ends the process as usual.
 */
final class Signals {
  private Signals() {}

  /** From now on Ctrl-C and a polite kill call the handler. */
  static void handle(IntConsumer handler) {
    for (String name : List.of("INT", "TERM")) {
      if (!take(name, handler)) {
        return;
      }
    }
  }

  /** Whether the virtual machine has the signal, and does not keep it for itself (-Xrs). */
  private static boolean take(String name, IntConsumer handler) {
    try {
      install(name, handler);
      return true;
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      return false;
    }
  }

  private static void install(String name, IntConsumer handler)
      throws ReflectiveOperationException {
    Class<?> signalType = Class.forName("sun.misc.Signal");
    Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
    Object signal = signalType.getConstructor(String.class).newInstance(name);
    int number = (int) signalType.getMethod("getNumber").invoke(signal);
    InvocationHandler invocation =
        (proxy, method, arguments) ->
            switch (method.getName()) {
              case "handle" -> {
                handler.accept(number);
                yield null;
              }
              case "hashCode" -> System.identityHashCode(proxy);
              case "equals" -> proxy == arguments[0];
              default -> "handler of SIG" + name;
            };
    Object adapter =
        Proxy.newProxyInstance(
            Signals.class.getClassLoader(), new Class<?>[] {handlerType}, invocation);
    signalType.getMethod("handle", signalType, handlerType).invoke(null, signal, adapter);
  }
}
