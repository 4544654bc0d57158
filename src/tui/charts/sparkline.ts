import sparkline from 'sparkline';
import { amount } from './guard.ts';

/** It computes in whole numbers of 32 bits: values are brought to this scale first. */
const SCALE = 1000;

export function drawSpark(values: readonly number[]): string {
  if (values.length === 0) return '';
  const amounts = values.map((value) => amount(value));
  const largest = Math.max(...amounts) || 1;
  return sparkline(
    amounts.map((value) => Math.round((value / largest) * SCALE)),
    { min: 0, max: SCALE },
  );
}
