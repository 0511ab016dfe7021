export {
  type NearestKronecker,
  type NearestKroneckerProcess,
  nearestKronecker,
  nearestKroneckerProcess,
} from "./nearest-kronecker.ts";
export {
  type OperatorFactorization,
  type OperatorFactorizationOptions,
  operatorFactorization,
} from "./operator-factorization.ts";
export { type OperatorSchmidt, operatorSchmidt } from "./operator-schmidt.ts";
