/** The functions that the package's forms call as `RED.fritzCalls`. */
import { offerFirstBox, isBox, takeOnlyBox } from "./box";
import * as action from "./action";
import * as answeringMachine from "./answering-machine";
import * as block from "./block";
import * as callerInfo from "./caller-info";
import * as callMonitor from "./callmonitor";
import * as config from "./config";
import * as deflection from "./deflection";
import * as dial from "./dial";
import { baseName, fillDefaults, folded, saveNumbers, tabs } from "./form";
import * as phonebook from "./phonebook";
import { bookNames, pick } from "./pick";
import { ask, boxQuestion, failureText } from "./server";
import { textList, textsOf } from "./text-list";
import { typed, typedNumber } from "./typed";
import * as valid from "./validators";

RED.fritzCalls = {
  ...{ ask, boxQuestion, failureText, pick, bookNames, textList, textsOf, typed, typedNumber },
  ...{ baseName, fillDefaults, folded, saveNumbers, tabs, takeOnlyBox, isBox, valid },
  ...{ action, answeringMachine, deflection, dial },
  ...{ block, callerInfo, callMonitor, config, phonebook },
};
offerFirstBox();
