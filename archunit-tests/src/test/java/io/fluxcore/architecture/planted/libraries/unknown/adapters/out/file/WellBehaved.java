package io.fluxcore.architecture.planted.libraries.unknown.adapters.out.file;

import java.util.List;

/** Allowed: the JDK. */
final class WellBehaved {
  List<String> list;
}
