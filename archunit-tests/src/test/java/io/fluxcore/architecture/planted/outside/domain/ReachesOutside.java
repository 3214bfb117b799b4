package io.fluxcore.architecture.planted.outside.domain;

import java.io.FileInputStream;
import java.io.ObjectOutputStream;
import java.net.Socket;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.logging.Logger;

/** Planted: files, sockets, databases, logs, Java serialisation and the process. */
final class ReachesOutside {
  Path path;
  FileInputStream file;
  ObjectOutputStream serialised;
  Socket socket;
  Connection connection;
  Logger logger;

  void process() {
    System.out.println(System.getenv("HOME") + System.getProperty("user.dir"));
  }
}
