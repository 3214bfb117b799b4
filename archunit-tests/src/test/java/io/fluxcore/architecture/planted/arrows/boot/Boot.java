package io.fluxcore.architecture.planted.arrows.boot;

/** Planted: may use every module, so it only lures the others. */
public final class Boot {}
