package io.fluxcore.architecture.planted.doors.adapters.in.jobfile;

/** Allowed: this folder is no connector. */
public final class JobFileReader {}
