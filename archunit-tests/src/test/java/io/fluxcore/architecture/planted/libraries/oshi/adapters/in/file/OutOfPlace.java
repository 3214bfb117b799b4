package io.fluxcore.architecture.planted.libraries.oshi.adapters.in.file;

import oshi.SystemInfo;

/** Planted: a library outside its folder. */
final class OutOfPlace {
  SystemInfo library;
}
