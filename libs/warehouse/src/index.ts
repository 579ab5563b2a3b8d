export * from './names';
export * from './gate/parsed-query';
export * from './binding/bound-query';
export * from './readers/reader-types';
